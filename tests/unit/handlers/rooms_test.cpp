// History, the facts of rooms, their list, and deletion.
#include "handlers/house.hpp"

using namespace anteroom;
using namespace anteroom::unit;

using strings = std::vector<std::string>;

TEST_CASE("history pages back and forward, oldest first") {
    anteroom_house it;
    visitor who(it);
    for (int i = 1; i <= 5; ++i)
        it.publish("a", std::to_string(i));
    auto const epoch = it.end("a").substr(0, it.end("a").find('-'));
    auto const newest = who.ask("GET /room/a/messages?limit=2");
    CHECK(texts_in(newest.body) == strings{"4", "5"});
    CHECK(newest.body.ends_with(R"("next":")" + it.end("a") + R"(","more":true})"));
    CHECK(newest.field("Last-Event-ID") == it.end("a"));
    auto const back = who.ask("GET /room/a/messages?before=" + epoch + "-4");
    CHECK(texts_in(back.body) == strings{"1", "2", "3"});
    CHECK(back.has(R"("more":false)"));
    CHECK(texts_in(who.ask("GET /room/a/messages?limit=2&after=" + epoch + "-2").body) == strings{"3", "4"});
    CHECK(who.ask("HEAD /room/a/messages").status == 200);
}

TEST_CASE("history tells gaps") {
    hub_options limits;
    limits.history.messages = 1;
    anteroom_house it({}, limits);
    visitor who(it);
    it.publish("a", "1");
    it.publish("a", "2");
    CHECK(who.ask("GET /room/a/messages?after=0").has(R"("gaps":[{"room":"a","reason":"evicted","missed":1}])"));
}

TEST_CASE("history of a room that is not in use is empty, and makes none") {
    anteroom_house it;
    visitor who(it);
    auto const none = R"({"messages":[],"next":")" + it.end("a") + R"(","more":false})";
    CHECK(who.ask("GET /room/a/messages").body == none);
    CHECK(who.ask("GET /room/a/messages?after=0").body == none);
    CHECK(who.ask("GET /room/a/messages?after=" + it.end("a")).body == none);
    CHECK(who.ask("GET /room/a/messages?after=zzz-1").has(R"("gaps":[{"room":"a","reason":"restarted"}])"));
    CHECK(who.ask("GET /room/a/messages?before=zzz-1").has("restarted"));
    CHECK_FALSE(it.rooms().find("a"));
}

TEST_CASE("history that is asked for wrongly") {
    anteroom_house it;
    visitor who(it);
    for (auto const* target :
         {"/room/%00/messages", "/room/a/messages?after=x", "/room/a/messages?before=x", "/room/a/messages?limit=0",
          "/room/a/messages?after=0&before=0", "/room/a/messages?room=b"}) {
        CAPTURE(target);
        CHECK(who.ask(std::string("GET ") + target).status == 400);
    }
}

TEST_CASE("the facts of a room") {
    anteroom_house it;
    visitor who(it);
    visitor waits(it);
    auto const unused = who.ask("GET /room/a", accept_json);
    CHECK(unused.field("Vary") == "Accept");
    CHECK(unused.has(R"("room":"a","messages":0,"bytes":0)"));
    CHECK(unused.has(R"("last":")" + it.end("a")));
    waits.ask("GET /room/a/subscribe?after=" + it.end("a"));
    auto const first = it.publish("a", "1");
    waits.ask("GET /room/a/subscribe");
    auto const facts = who.ask("GET /room/a", accept_json);
    CHECK(facts.has(R"("messages":1)"));
    CHECK(facts.has(R"("first":")" + first));
    CHECK(facts.has(R"("subscribers":1)"));
    CHECK(who.ask("GET /room/a", "Accept: image/png\r\n").status == 406);
    CHECK(who.ask("GET /room/%FF", accept_json).status == 400);
    CHECK(who.ask("GET /room/a?room=b", accept_json).status == 400);
    CHECK(who.ask("GET /room/a").body == "<!doctype html>");
}

TEST_CASE("the rooms in use, in pages") {
    anteroom_house it;
    visitor who(it);
    CHECK(who.ask("GET /rooms").body == R"({"rooms":[],"more":false})");
    for (auto const* each : {"b", "a2", "a1", "a3"})
        it.publish(each, "x");
    auto const page = who.ask("GET /rooms?prefix=a&limit=2");
    CHECK(page.body.find(R"("room":"a1")") < page.body.find(R"("room":"a2")"));
    CHECK_FALSE(page.has(R"("room":"a3")"));
    CHECK(page.body.ends_with(R"(],"more":true})"));
    auto const rest = who.ask("GET /rooms?prefix=a&after=a2");
    CHECK(rest.has(R"("room":"a3")"));
    CHECK_FALSE(rest.has(R"("room":"a1")"));
    CHECK(rest.body.ends_with(R"(],"more":false})"));
    CHECK(who.ask("GET /rooms?limit=0").status == 400);
}

TEST_CASE("deleting is off unless the operator turned it on") {
    anteroom_house off;
    visitor who(off);
    auto const id = off.publish("a", "x");
    auto const refused = who.ask("DELETE /room/a");
    CHECK(refused.status == 403);
    CHECK(refused.has("--allow-delete"));
    CHECK(off.end("a") == id);

    api_options options;
    options.allow_delete = true;
    anteroom_house on(options);
    visitor admin(on);
    on.publish("a", "x");
    CHECK(admin.ask("DELETE /room/%00").status == 400);
    CHECK(admin.ask("DELETE /room/a").status == 204);
    CHECK(admin.ask("DELETE /room/never-used").status == 204);
    CHECK(texts_in(admin.ask("GET /room/a/messages").body).empty());
}

TEST_CASE("a room that is deleted while streams follow it") {
    api_options options;
    options.allow_delete = true;
    anteroom_house it(options);
    visitor stream(it);
    visitor admin(it);
    it.publish("a", "x");
    stream.ask("GET /room/a/subscribe", accept_ndjson);
    admin.ask("DELETE /room/a");
    CHECK(stream.next_data().starts_with(R"({"gap":{"room":"a","reason":"deleted","missed":0})"));
    it.publish("a", "new");
    CHECK(texts_in(stream.next_data()) == strings{"new"});
}
