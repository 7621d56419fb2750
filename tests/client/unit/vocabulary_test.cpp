// The JSON messages of pages.
#include <anteroom/vocabulary.hpp>

#include <catch2/catch_test_macros.hpp>

using anteroom::meaning;
using anteroom::meaning_of;
using anteroom::one_line;
using kind = anteroom::meaning::kind;

namespace {

meaning of(std::string data) {
    return meaning_of({.room = "kitchen",
                       .id = "e-2",
                       .time = 0,
                       .from = "ann",
                       .data = std::move(data),
                       .kind = anteroom::client::content::json});
}

}  // namespace

TEST_CASE("replies, reactions, typing and new names") {
    auto const reply = of(R"({"type":"reply","to":"e-1","text":"yes","quote":{"from":"bob","text":" hot?\n "}})");
    CHECK(reply.what == kind::reply);
    CHECK(reply.to == "e-1");
    CHECK(reply.text == "yes");
    CHECK(reply.quoted_from == "bob");
    CHECK(reply.quoted == "hot?");
    CHECK(of(R"({"text":"yes","to":"e-1","type":"reply"})").quoted_from.empty());

    auto const reaction = of(R"({"type":"reaction","to":"e-1","emoji":"👍🏽"})");
    CHECK(reaction.what == kind::reaction);
    CHECK(reaction.emoji == "👍🏽");
    CHECK_FALSE(reaction.is_removed);
    CHECK(of(R"({"type":"reaction","to":"e-1","emoji":"1️⃣","remove":true})").is_removed);

    CHECK(of(R"({"type":"typing"})").what == kind::typing);
    auto const renamed = of(R"({"type":"renamed","was":"an\u006e"})");
    CHECK(renamed.what == kind::renamed);
    CHECK(renamed.was == "ann");
    CHECK(of(anteroom::renamed_data("a\"b")).was == "a\"b");
}

TEST_CASE("what has another form is content") {
    for (auto const* data :
         {"17", "[]", "{}", "null", R"({"type":"poll"})", R"({"type":"reply","to":"e-1","text":" "})",
          R"({"type":"reply","to":"e 1","text":"yes"})", R"({"type":"reply","text":"yes"})",
          R"({"type":"reaction","to":"e-1","emoji":"ok"})", R"({"type":"reaction","to":"e-1","emoji":"7"})",
          R"({"type":"reaction","to":"e-1","emoji":"👍 or not"})", R"({"type":"reaction","to":"-1","emoji":"👍"})",
          R"({"type":"renamed","was":""})", R"({"type":"renamed"})"}) {
        INFO(data);
        CHECK(of(data).what == kind::content);
    }
    // Text is text, whatever is in it.
    anteroom::client::message text;
    text.data = R"({"type":"typing"})";
    CHECK(meaning_of(text).what == kind::content);
}

TEST_CASE("text on one line") {
    CHECK(one_line("  a \n\n b\t") == "a b");
    CHECK(one_line("").empty());
    CHECK(one_line("soup for all", 6) == "soup…");
    CHECK(one_line(std::string(120, 'x')).starts_with(std::string(119, 'x')));
    auto const longer = one_line(std::string(500, 'x'));
    CHECK(longer == std::string(119, 'x') + "…");
    std::string umlauts;
    for (int i = 0; i < 200; ++i)
        umlauts += "ä";
    CHECK(one_line(umlauts) == umlauts.substr(0, 238) + "…");
}
