// --web: the page from a folder, and nothing but regular files that are in it.
#include "http_client.hpp"
#include "problem.hpp"
#include "server_process.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

using namespace anteroom::integration;
using namespace std::string_literals;

TEST_CASE("--web serves the current files of a folder") {
    temporary_folder const folder;
    folder.write("web/index.html", "<!doctype html><html><title>ours</title></html>");
    folder.write("web/style.css", "body { color: red }");
    folder.write("hidden.css", "hidden");
    server_process const server{{"--web", folder.path("web")}};
    http_client client{server.at()};

    auto const page = client.exchange(get("/room/kitchen"));
    CHECK(page.status == 200);
    CHECK(page.body.find("ours") != std::string::npos);
    CHECK(page.has("Content-Security-Policy"));
    auto const style = client.exchange(get("/assets/style.css"));
    CHECK(style.body == "body { color: red }");
    CHECK(style.media_type() == "text/css");

    folder.write("web/style.css", "body { color: rebeccapurple }");
    auto const changed = client.exchange(get("/assets/style.css", {{"If-None-Match", style.header("ETag")}}));
    CHECK(changed.status == 200);
    CHECK(changed.body == "body { color: rebeccapurple }");
    CHECK(changed.header("ETag") != style.header("ETag"));

    // Every server has the client for pages; of the built-in page there is nothing else.
    CHECK(client.exchange(get("/assets/anteroom.js")).media_type() == "text/javascript");
    for (auto const* target :
         {"/assets/..%2Fhidden.css", "/assets/../hidden.css", "/assets/%2e%2e/hidden.css", "/assets/icon.svg"}) {
        INFO(target);
        CHECK(http_client{server.at()}.exchange(get(target)).status == 404);
    }
}

TEST_CASE("--web serves the folders in it, and nothing above it") {
    temporary_folder const folder;
    folder.write("hidden.js", "hidden");
    folder.write("web/index.html", "<!doctype html><html><title>ours</title></html>");
    folder.write("web/app/view/page.js", "page");
    folder.write("web/app/view/page.d.ts", "types");
    folder.write("web/app/.secret.js", "hidden");
    folder.write("web/.git/hidden.js", "hidden");
    folder.write("web/app/notes.txt", "hidden");
    folder.write("web/folder.js/page.js", "page");
    folder.write("web/a b.js", "hidden");
    server_process const server{{"--web", folder.path("web")}};
    http_client client{server.at()};

    for (auto const& [target, type, body] :
         {std::tuple{"/assets/app/view/page.js", "text/javascript", "page"},
          std::tuple{"/assets/folder.js/page.js", "text/javascript", "page"},
          std::tuple{"/assets/app/view/page.d.ts", "application/typescript", "types"}}) {
        auto const asset = client.exchange(get(target));
        INFO(target << '\n' << asset.text());
        CHECK(asset.status == 200);
        CHECK(asset.media_type() == type);
        CHECK(asset.body == body);
    }
    for (auto const* target : {"/assets/page.js",
                               "/assets/app",
                               "/assets/app/",
                               "/assets/app/view",
                               "/assets/app/view/",
                               "/assets/app/view/page.js/",
                               "/assets/app//view/page.js",
                               "/assets//app/view/page.js",
                               "/assets/app/./view/page.js",
                               "/assets/app/../app/view/page.js",
                               "/assets/app/%2e%2e/app/view/page.js",
                               "/assets/app%2Fview%2Fpage.js",
                               "/assets/app/view%2fpage.js",
                               "/assets/app/view/page.js%00",
                               "/assets/app/view/page.js%00.js",
                               "/assets/app%00/view/page.js",
                               "/assets/app/view%5Cpage.js",
                               "/assets/../hidden.js",
                               "/assets/app/../../hidden.js",
                               "/assets/app/..%2F..%2Fhidden.js",
                               "/assets/%2e%2e/hidden.js",
                               "/assets/app/.secret.js",
                               "/assets/.git/hidden.js",
                               "/assets/app/notes.txt",
                               "/assets/folder.js",
                               "/assets/a%20b.js",
                               "/assets//etc/hosts.js"}) {
        auto const answer = http_client{server.at()}.exchange(get(target));
        INFO(target << '\n' << answer.text());
        CHECK(answer.status == 404);
        CHECK(answer.media_type() == "application/problem+json");
    }
}

TEST_CASE("--web follows the symbolic links that stay in the folder") {
    temporary_folder const folder;
    folder.write("shared/colours.css", "outside");
    folder.write("web/index.html", "<!doctype html><html><title>ours</title></html>");
    folder.write("web/2026/colours.css", "inside");
    std::filesystem::create_directory_symlink("web", folder.path("current"));
    std::filesystem::create_symlink("2026/colours.css", folder.path("web/style.css"));
    std::filesystem::create_directory_symlink("2026", folder.path("web/styles"));
    std::filesystem::create_symlink("../web/2026/colours.css", folder.path("web/around.css"));
    std::filesystem::create_symlink("../shared/colours.css", folder.path("web/outside.css"));
    std::filesystem::create_symlink(folder.path("shared/colours.css"), folder.path("web/absolute.css"));
    std::filesystem::create_directory_symlink("../shared", folder.path("web/shared"));
    std::filesystem::create_symlink("gone.css", folder.path("web/broken.css"));
    std::filesystem::create_symlink("loop.css", folder.path("web/loop.css"));
    server_process const server{{"--web", folder.path("current")}};
    http_client client{server.at()};

    CHECK(client.exchange(get("/assets/style.css")).body == "inside");
    CHECK(client.exchange(get("/assets/styles/colours.css")).body == "inside");
    for (auto const* target :
         {"/assets/around.css", "/assets/outside.css", "/assets/absolute.css", "/assets/shared/colours.css",
          "/assets/styles/../2026/colours.css", "/assets/broken.css", "/assets/loop.css"}) {
        INFO(target);
        check_problem(client.exchange(get(target)), 404);
    }
    // It is the folder at each request: a new version is put in place by one link.
    folder.write("next/index.html", "<!doctype html><html><title>next</title></html>");
    folder.write("next/style.css", "next");
    std::filesystem::create_directory_symlink("next", folder.path("new"));
    std::filesystem::rename(folder.path("new"), folder.path("current"));
    CHECK(client.exchange(get("/assets/style.css")).body == "next");
}

TEST_CASE("--web serves regular files only, as they are at the moment") {
    temporary_folder const folder;
    folder.write("web/index.html", "<!doctype html><html><title>ours</title></html>");
    std::filesystem::create_directory(folder.path("web/x.js"));
    REQUIRE(::mkfifo(folder.path("web/pipe.js").c_str(), 0600) == 0);
    std::filesystem::create_symlink("/dev/zero", folder.path("web/zero.js"));
    std::ofstream{folder.path("web/long.js")};
    std::filesystem::resize_file(folder.path("web/long.js"), std::uintmax_t{1} << 33U);
    folder.write("web/changing.js", "old");
    server_process const server{{"--web", folder.path("web")}};
    http_client client{server.at()};

    for (auto const* name : {"x.js", "x.js/y.js", "pipe.js", "zero.js", "long.js"}) {
        INFO(name);
        check_problem(client.exchange(get("/assets/"s + name)), 404);
    }
    CHECK(client.exchange(get("/assets/changing.js")).body == "old");
    folder.write("web/changing.js", "newer");
    CHECK(client.exchange(get("/assets/changing.js")).body == "newer");
    std::filesystem::remove(folder.path("web/changing.js"));
    REQUIRE(::mkfifo(folder.path("web/changing.js").c_str(), 0600) == 0);
    check_problem(client.exchange(get("/assets/changing.js")), 404);
    std::filesystem::remove(folder.path("web/index.html"));
    check_problem(client.exchange(get("/", {{"Accept", "text/html"}})), 404);
    std::filesystem::remove_all(folder.path("web"));
    check_problem(client.exchange(get("/", {{"Accept", "text/html"}})), 404);
}
