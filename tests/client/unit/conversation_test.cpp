// What a room delivers, as lines for a terminal.
#include <anteroom/conversation.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <ctime>

using anteroom::conversation;

namespace {

namespace client = anteroom::client;

constexpr std::int64_t noon = 1'780'000'000'000;

std::chrono::system_clock::time_point at(std::int64_t unix_ms) {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    return std::chrono::system_clock::time_point(std::chrono::milliseconds(unix_ms));
}

client::message text(std::string data, std::string from = "bob", std::string id = "e-1") {
    return {.room = "kitchen", .id = std::move(id), .time = noon, .from = std::move(from), .data = std::move(data)};
}

client::message json(std::string data, std::string from = "bob") {
    auto out = text(std::move(data), std::move(from), "e-9");
    out.kind = client::content::json;
    return out;
}

client::message presence(std::string_view event, std::string_view name) {
    return json(R"({"event":")" + std::string(event) + R"(","as":")" + std::string(name) + R"("})");
}

}  // namespace

TEST_CASE("a message has a time, a name and its text") {
    conversation kitchen("ann");
    CHECK(kitchen.show(text("hi"), at(noon)) == "[20:26:40] bob: hi");
    CHECK(kitchen.show(text("a\nb", ""), at(noon)) == "[20:26:40] somebody: a\n    b");
    CHECK(kitchen.show(text("\x1B[2J", "b\x1B"), at(noon)) == "[20:26:40] b\xEF\xBF\xBD: \xEF\xBF\xBD[2J");
    CHECK(kitchen.show(text("hi"), at(noon + 86'400'000)) == "[2026-05-28 20:26:40] bob: hi");
}

TEST_CASE("messages of pages") {
    conversation kitchen("ann");
    CHECK(kitchen.show(json(R"({"type":"typing"})"), at(noon)).empty());
    CHECK(kitchen.show(json(R"({"n":1})"), at(noon)) == R"([20:26:40] bob: {"n":1})");
    CHECK(kitchen.show(json(R"({"type":"reply","to":"e-1","text":"a\nb","quote":{"from":"cay","text":"c"}})"),
                       at(noon)) == "[20:26:40] bob: > cay: c\n    a\n    b");
    CHECK(kitchen.show(json(R"({"type":"reaction","to":"e-1","emoji":"👍"})"), at(noon)) ==
          "* bob reacted with 👍 to an earlier message");
    kitchen.remember(text("is it\nhot?", "ann"));
    CHECK(kitchen.show(json(R"({"type":"reaction","to":"e-1","emoji":"👍"})"), at(noon)) ==
          "* bob reacted with 👍 to ann: is it hot?");
    CHECK(kitchen.show(json(R"({"type":"reaction","to":"e-1","emoji":"👍","remove":true})"), at(noon)) ==
          "* bob took back 👍 from ann: is it hot?");
    CHECK(kitchen.show(json(R"({"type":"renamed","was":"b\u001bb"})"), at(noon)) ==
          "* b\xEF\xBF\xBD"
          "b is now bob");
}

TEST_CASE("joins and leaves, and who is present") {
    conversation kitchen("ann");
    CHECK(kitchen.who() == "ann (you)");
    CHECK(kitchen.reset_present(
        R"({"present":[{"as":"dan","since":1},{"as":"ann","since":2},{"as":"cay","since":3}],"subscribers":5})"));
    CHECK(kitchen.who() == "ann (you), cay, dan, and 2 without a name");
    CHECK(kitchen.show_presence(presence("join", "bob"), at(noon)) == "* bob is here");
    CHECK(kitchen.show_presence(presence("leave", "dan"), at(noon)) == "* dan left");
    CHECK(kitchen.show_presence(presence("join", "ann"), at(noon)).empty());
    CHECK(kitchen.show_presence(presence("wave", "bob"), at(noon)).empty());
    CHECK(kitchen.who_else() == "bob, cay");
    CHECK(kitchen.others() == std::vector<std::string>{"bob", "cay"});
    CHECK_FALSE(kitchen.reset_present("no list"));
    CHECK(kitchen.who_else() == "bob, cay");
}

TEST_CASE("a new name is one line, without the leave and the join") {
    conversation kitchen("ann");
    kitchen.reset_present(R"({"present":[{"as":"ann"},{"as":"bob"}],"subscribers":2})");
    CHECK(kitchen.show(json(R"({"type":"renamed","was":"bob"})", "robert"), at(noon)) == "* bob is now robert");
    CHECK(kitchen.show_presence(presence("join", "robert"), at(noon)).empty());
    CHECK(kitchen.show_presence(presence("leave", "bob"), at(noon)).empty());
    CHECK(kitchen.who_else() == "robert");
    CHECK(kitchen.show_presence(presence("join", "bob"), at(noon)) == "* bob is here");

    kitchen.rename("anna", at(noon));
    CHECK(kitchen.show_presence(presence("leave", "ann"), at(noon)).empty());
    CHECK(kitchen.show_presence(presence("join", "ann"), at(noon)) == "* ann is here");

    // What was published before one came says nothing of what is to come.
    CHECK(kitchen.show_old(json(R"({"type":"renamed","was":"bob"})", "rob"), at(noon)) == "* bob is now rob");
    CHECK(kitchen.show_presence(presence("leave", "bob"), at(noon)) == "* bob left");
}

TEST_CASE("a name that is taken back hides no later leave") {
    conversation kitchen("ann");
    kitchen.reset_present(R"({"present":[{"as":"ann"},{"as":"bob"},{"as":"cay"}],"subscribers":3})");
    kitchen.show(json(R"({"type":"renamed","was":"bob"})", "rob"), at(noon));
    CHECK(kitchen.show_presence(presence("join", "rob"), at(noon)).empty());
    kitchen.show(json(R"({"type":"renamed","was":"rob"})", "bob"), at(noon));
    CHECK(kitchen.show_presence(presence("leave", "rob"), at(noon)).empty());
    CHECK(kitchen.show_presence(presence("leave", "bob"), at(noon)) == "* bob left");

    // Without a word of it, by another program for example.
    kitchen.show(json(R"({"type":"renamed","was":"cay"})", "kay"), at(noon));
    kitchen.show(text("I am back", "cay"), at(noon));
    CHECK(kitchen.show_presence(presence("leave", "cay"), at(noon)) == "* cay left");
}

TEST_CASE("a leave or join that never came hides none that comes much later") {
    conversation kitchen("ann");
    kitchen.reset_present(R"({"present":[{"as":"ann"},{"as":"bob"}],"subscribers":2})");
    kitchen.show(json(R"({"type":"renamed","was":"bob"})", "rob"), at(noon));
    CHECK(kitchen.show_presence(presence("join", "rob"), at(noon + 600'000)) == "* rob is here");
    CHECK(kitchen.show_presence(presence("leave", "bob"), at(noon + 600'000)) == "* bob left");
}

TEST_CASE("names that a terminal would obey are not for typing") {
    conversation kitchen("ann");
    kitchen.reset_present(
        R"({"present":[{"as":"bob"},{"as":"c\u001b]0;y"},{"as":"d\u202ey"},{"as":"e\ny"},{"as":"ann"}],"subscribers":5})");
    CHECK(kitchen.typable() == std::vector<std::string>{"bob"});
}
