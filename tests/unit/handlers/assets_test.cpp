// Finding the page's files: in which coding, and with which addresses.
#include <anteroom/handlers/assets.hpp>

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <string>

using namespace anteroom;

namespace {

constexpr std::string_view page =
    "<link href=\"./assets/a.css\"><a href=\"./\"><p title=\"../b ./c\">\"./assets/d.js\"</p>";

}  // namespace

TEST_CASE("an embedded file is found in the smallest coding that is there and accepted") {
    constexpr std::array<embedded_file, 5> files = {
        {{"a.js", "a"}, {"a.js.br", "br"}, {"a.js.gz", "gz"}, {"b.js", "b"}, {"b.js.gz", "b.gz"}}};
    assets const in(files);
    struct row {
        std::string_view path;
        asset_codings accepted;
        std::string_view content;
        std::string_view coding;
    };
    static constexpr row rows[] = {
        {"a.js", {false, false}, "a", ""},  {"a.js", {true, false}, "br", "br"}, {"a.js", {false, true}, "gz", "gzip"},
        {"a.js", {true, true}, "br", "br"}, {"b.js", {true, false}, "b", ""},    {"b.js", {true, true}, "b.gz", "gzip"},
    };
    for (auto const& [path, accepted, content, coding] : rows) {
        CAPTURE(path, accepted.brotli, accepted.gzip);
        auto const found = in.find(path, accepted);
        REQUIRE(found);
        CHECK(found->content == content);
        CHECK(found->coding == coding);
        CHECK(found->media_type == "text/javascript; charset=utf-8");
    }
    CHECK(in.find("a.js")->etag != in.find("a.js", {true, false})->etag);
    CHECK_FALSE(in.find("a.js.br"));
    CHECK_FALSE(in.find("c.js", {true, true}));
}

TEST_CASE("the addresses in a page are relative to its own") {
    std::array<embedded_file, 2> const files = {{{"index.html", page}, {"index.html.br", "br"}}};
    assets const in(files);
    struct row {
        std::size_t below;
        std::string_view up;
    };
    static constexpr row rows[] = {{1, "../"}, {2, "../../"}, {3, "../../../"}};
    CHECK(in.find_html("index.html", 0)->content == page);
    CHECK(in.find_html("index.html", 0, {true, false})->content == "br");
    for (auto const& [below, up] : rows) {
        CAPTURE(below);
        auto const found = in.find_html("index.html", below, {true, false});
        REQUIRE(found);
        std::string const to(up);
        CHECK(found->content == "<link href=\"" + to + "assets/a.css\"><a href=\"" + to +
                                    "\"><p title=\"../b ./c\">\"" + to + "assets/d.js\"</p>");
        CHECK(found->coding.empty());
        CHECK(found->etag != in.find("index.html")->etag);
    }
    CHECK_FALSE(in.find_html("nothing-here.html", 0));
    CHECK_FALSE(in.find_html("nothing-here.html", 2));
}

TEST_CASE("a room's page that was made before is as it is") {
    constexpr std::array<embedded_file, 4> files = {
        {{"index.html", "\"./a"}, {"room.html", "\"../a"}, {"room.html.br", "br"}, {"nothing-here.html", "\"./b"}}};
    assets const in(files);
    CHECK(in.find_html("index.html", 1)->content == "\"../a");
    CHECK(in.find_html("index.html", 1, {true, true})->content == "br");
    CHECK(in.find_html("index.html", 1, {true, true})->coding == "br");
    CHECK(in.find_html("index.html", 0, {true, true})->content == "\"./a");
    CHECK(in.find_html("index.html", 2, {true, true})->content == "\"../../a");
    CHECK(in.find_html("nothing-here.html", 1, {true, true})->content == "\"../b");
}
