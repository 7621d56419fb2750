// The web page and its assets: paths, caching, and that nothing outside the page's folder is served.
#include "http_client.hpp"
#include "problem.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <iterator>
#include <regex>
#include <string>
#include <vector>

using namespace anteroom::integration;
using namespace std::string_literals;

namespace {

std::vector<std::string> all_matches(std::string const& text, std::regex const& pattern) {
    std::vector<std::string> found;
    for (auto match = std::sregex_iterator{text.begin(), text.end(), pattern}; match != std::sregex_iterator{};
         ++match) {
        found.push_back((*match)[1].str());
    }
    return found;
}

}  // namespace

TEST_CASE("the page is served at / and in every room") {
    server_process const server;
    http_client client{server.at()};
    for (auto const* target : {"/", "/room/kitchen", "/room/caf%C3%A9", "/room/kitchen?after=0"}) {
        for (auto const& accept : {header_list{}, header_list{{"Accept", "*/*"}}, header_list{{"Accept", "text/html"}},
                                   header_list{{"Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}},
                                   header_list{{"Accept", "application/json;q=0.5, text/html"}}}) {
            auto const page = client.exchange(get(target, accept));

            INFO(target << '\n' << page.text());
            CHECK(page.status == 200);
            CHECK(page.media_type() == "text/html");
            CHECK(page.body.find("<html") != std::string::npos);
            CHECK(page.header("ETag").starts_with('"'));
        }
    }
}

TEST_CASE("the content security policy of the page allows nothing inline") {
    server_process const server;
    http_client client{server.at()};

    auto const page = client.exchange(get("/", {{"Accept", "text/html"}}));
    auto const policy = page.header("Content-Security-Policy");

    INFO(policy);
    CHECK(policy.find("default-src") != std::string::npos);
    CHECK(policy.find("unsafe-") == std::string::npos);
    CHECK(policy.find('*') == std::string::npos);
    auto const scripts = all_matches(page.body, std::regex{"<script([^>]*)>"});
    CHECK_FALSE(scripts.empty());
    for (auto const& attributes : scripts) {
        CHECK(attributes.find("src=") != std::string::npos);
    }
    CHECK(all_matches(page.body, std::regex{R"((<[^>]*\son[a-z]+=))"}).empty());
    CHECK(all_matches(page.body, std::regex{R"((<style|\sstyle=))"}).empty());
}

TEST_CASE("everything that the page links to is served") {
    server_process const server;
    http_client client{server.at()};

    // Their addresses are relative to the page's own, so that it works under any path.
    for (auto const& [target, reference] : {std::pair{"/", R"re((?:src|href)="\./([^"]*)")re"},
                                            std::pair{"/room/kitchen", R"re((?:src|href)="\.\./([^"]*)")re"}}) {
        auto const page = client.exchange(get(target));
        auto assets = 0;
        for (auto const& path : all_matches(page.body, std::regex{reference})) {
            INFO(target << ' ' << path);
            CHECK(client.exchange(get("/" + path)).status == 200);
            assets += path.starts_with("assets/") ? 1 : 0;
        }
        INFO(target);
        CHECK(assets >= 2);
        CHECK(all_matches(page.body, std::regex{R"re((?:src|href|action)="(/[^"]*)")re"}).empty());
    }
}

TEST_CASE("the page takes application/json for the facts and answers 406 to anything else") {
    server_process const server;
    http_client client{server.at()};
    auto const facts = client.exchange(get("/room/lobby", {{"Accept", "application/json"}}));
    INFO(facts.text());
    CHECK(facts.status == 200);
    CHECK(facts.json().at("room").as_string() == "lobby");
    for (auto const* target : {"/", "/room/lobby"}) {
        INFO(target);
        check_problem(client.exchange(get(target, {{"Accept", "image/png"}})), 406);
        check_problem(client.exchange(get(target, {{"Accept", "text/html;q=0, application/json;q=0"}})), 406);
    }
}

TEST_CASE("assets have their media type and an ETag") {
    server_process const server;
    http_client client{server.at()};
    for (auto const& [target, type] :
         {std::pair{"/assets/styles/nothing-here.css", "text/css"}, std::pair{"/assets/anteroom.js", "text/javascript"},
          std::pair{"/assets/icon.svg", "image/svg+xml"},
          std::pair{"/assets/client/anteroom.d.ts", "application/typescript"}}) {
        auto const asset = client.exchange(get(target));

        INFO(target << '\n' << asset.text());
        CHECK(asset.status == 200);
        CHECK(asset.media_type() == type);
        CHECK(asset.header("ETag").starts_with('"'));
        CHECK_FALSE(asset.body.empty());
    }
}

TEST_CASE("an asset that the client has cached is not sent again") {
    server_process const server;
    http_client client{server.at()};
    for (auto const* target : {"/", "/room/kitchen", "/assets/styles/nothing-here.css"}) {
        auto const tag = client.exchange(get(target)).header("ETag");
        INFO(target << ' ' << tag);
        REQUIRE(tag.size() > 2);

        for (auto const& known : {tag, "W/" + tag, "\"other\", " + tag, std::string{"*"}}) {
            INFO(known);
            auto const unchanged = client.exchange(get(target, {{"If-None-Match", known}}));
            CHECK(unchanged.status == 304);
            CHECK(unchanged.header("ETag") == tag);
        }
        for (auto const& known : {std::string{"\"other\""}, tag.substr(0, tag.size() - 1) + "x\""}) {
            INFO(known);
            CHECK(client.exchange(get(target, {{"If-None-Match", known}})).status == 200);
        }
    }
}

TEST_CASE("nothing else is served as an asset") {
    server_process const server;
    for (auto const* target : {"/assets/nothing.js",
                               "/assets/",
                               "/assets",
                               "/assets/..%2Fassets%2Fstyle.css",
                               "/assets/%2e%2e/main.cpp",
                               "/assets/../../../../etc/passwd",
                               "/assets/%2Fetc%2Fpasswd",
                               "/assets/..%2f..%2f..%2f..%2fetc%2fpasswd",
                               "/assets/styles/style.css/",
                               "/assets/styles/style.css%00.js",
                               "/assets/style.css",
                               "/assets//styles/style.css",
                               "/assets/styles//style.css",
                               "/assets/./styles/style.css",
                               "/assets/nothing/../styles/style.css",
                               "/assets/styles/%2e%2e/styles/style.css",
                               "/assets/styles%2Fstyle.css",
                               "/assets/..%5Cstyles/style.css",
                               "/assets/styles",
                               "/assets/styles/",
                               "/assets//etc/passwd"}) {
        http_client client{server.at()};
        auto const answer = client.exchange(get(target));

        INFO(target << '\n' << answer.text());
        CHECK(answer.status == 404);
        CHECK(answer.media_type() == "application/problem+json");
    }
}
