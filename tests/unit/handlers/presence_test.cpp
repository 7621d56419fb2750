// Presence: who is here, and the messages of joins and leaves.
#include "handlers/house.hpp"
#include "websocket/client_frames.hpp"

#include <memory>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

std::vector<std::string> events_of(anteroom_house& in, std::string const& room) {
    visitor who(in);
    return texts_in(who.ask("GET /room/" + room + ":presence/messages").body);
}

}  // namespace

TEST_CASE("a subscriber with a name is present while its poll hangs and for a lease after it") {
    anteroom_house it;
    visitor ann(it);
    visitor observer(it);
    CHECK(observer.ask("GET /room/a/presence").body == R"({"present":[],"subscribers":0})");
    CHECK_FALSE(it.rooms().find("a"));
    ann.ask("GET /room/a/subscribe?as=ann");
    auto const here = observer.ask("GET /room/a/presence");
    CHECK(here.has(R"({"present":[{"as":"ann","since":)"));
    CHECK(here.body.ends_with(R"(],"subscribers":1})"));
    ann.hang_up();
    it.advance(std::chrono::seconds(9));
    it.sweep();
    CHECK(observer.ask("GET /room/a/presence").has("ann"));
    it.advance(std::chrono::seconds(1));
    it.sweep();
    CHECK(observer.ask("GET /room/a/presence").body == R"({"present":[],"subscribers":0})");
    CHECK(events_of(it, "a") ==
          std::vector<std::string>{R"({"event":"join","as":"ann")", R"({"event":"leave","as":"ann")"});
}

TEST_CASE("who polls again within the lease neither joins nor leaves") {
    anteroom_house it;
    visitor ann(it);
    for (int i = 0; i < 3; ++i) {
        ann.ask("GET /room/a/subscribe?as=ann");
        it.publish("a", "x");
        CHECK(ann.next_answer().status == 200);
        it.advance(std::chrono::seconds(9));
        it.sweep();
    }
    CHECK(events_of(it, "a").size() == 1);
}

TEST_CASE("streams and WebSockets are present too, in each of their rooms, once a name") {
    anteroom_house it;
    visitor stream(it);
    visitor socket(it);
    visitor observer(it);
    stream.ask("GET /subscribe?room=a&room=b&as=b%C3%B6b", accept_sse);
    socket.upgrade("/room/a/subscribe?as=ann");
    visitor again(it);
    again.ask("GET /room/a/subscribe?as=ann");
    auto const here = observer.ask("GET /room/a/presence");
    CHECK(contains(here.body, R"("as":"böb")"));
    CHECK(here.body.ends_with(R"("subscribers":3})"));
    CHECK(here.body.find("ann") == here.body.rfind("ann"));
    CHECK(observer.ask("GET /room/b/presence").has("böb"));
    again.hang_up();
    it.advance(std::chrono::seconds(11));
    it.sweep();
    CHECK(observer.ask("GET /room/a/presence").has("ann"));
}

TEST_CASE("joins are read like any messages, and who waits for them makes none") {
    anteroom_house it;
    visitor watcher(it);
    visitor ann(it);
    watcher.ask("GET /room/a:presence/subscribe?as=watcher");
    ann.ask("GET /room/a/subscribe?as=ann");
    CHECK(watcher.next_answer().body == R"({"event":"join","as":"ann"})");
    CHECK(events_of(it, "a:presence").empty());
}

TEST_CASE("presence that is asked for wrongly") {
    anteroom_house it;
    visitor who(it);
    CHECK(who.ask("GET /room/%00/presence").status == 400);
    CHECK(who.ask("GET /room/a/presence?room=b").status == 400);
    CHECK(who.ask("POST /room/a/presence").status == 405);
    CHECK(who.ask("HEAD /room/a/presence").status == 200);
}

TEST_CASE("a long list of names comes in pieces") {
    anteroom_house it;
    std::vector<std::unique_ptr<visitor>> crowd;
    std::string expected;
    for (int i = 0; i < 300; ++i) {
        crowd.push_back(std::make_unique<visitor>(it));
        crowd.back()->ask("GET /room/a/subscribe?as=name" + std::to_string(i));
    }
    visitor observer(it);
    auto const list = observer.ask("GET /room/a/presence");
    CHECK(list.status == 200);
    CHECK(list.field("Transfer-Encoding") == "chunked");
    CHECK(list.field("Content-Type") == "application/json");
    auto const body = dechunked(list.body);
    CHECK(body.starts_with(R"({"present":[{"as":"name0","since":)"));
    CHECK(body.ends_with(R"(],"subscribers":300}<end>)"));
    std::size_t names = 0;
    for (auto at = body.find("{\"as\":"); at != body.npos; at = body.find("{\"as\":", at + 1))
        ++names;
    CHECK(names == 300);
    // The connection can be used again, after HEAD too.
    visitor other(it);
    CHECK(other.ask("HEAD /room/a/presence").status == 200);
    CHECK(other.ask("GET /room/b/presence").body == R"({"present":[],"subscribers":0})");
    crowd.clear();
}
