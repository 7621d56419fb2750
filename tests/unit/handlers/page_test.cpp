// The page and its files: built in, or from a folder.
#include "handlers/house.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

/// A folder that is gone with the test.
class page_folder {
  public:
    page_folder() { std::filesystem::create_directories(path_); }
    ~page_folder() { std::filesystem::remove_all(path_); }
    page_folder(page_folder const&) = delete;
    page_folder& operator=(page_folder const&) = delete;

    void write(std::string_view name, std::string_view content) const {
        std::ofstream(path_ / name, std::ios::binary) << content;
    }
    std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_ =
        std::filesystem::temp_directory_path() / ("anteroom-page-test-" + std::to_string(::getpid()));
};

}  // namespace

TEST_CASE("the page is served at the root and at each room, with its policy") {
    anteroom_house it;
    visitor who(it);
    for (auto const* line : {"GET /", "GET /room/a"}) {
        CAPTURE(line);
        auto const got = who.ask(line, "Accept: text/html,*/*;q=0.1\r\n");
        CHECK(got.status == 200);
        CHECK(got.body == "<!doctype html>");
        CHECK(got.field("Content-Type") == "text/html; charset=utf-8");
        CHECK(got.field("Content-Security-Policy").starts_with("default-src 'none'"));
        CHECK(got.field("Content-Security-Policy").ends_with("frame-ancestors 'none'"));
        CHECK(got.field("X-Content-Type-Options") == "nosniff");
        CHECK(got.field("Cache-Control") == "no-cache");
        CHECK(got.field("Vary") == "Accept, Accept-Encoding");
    }
    CHECK(who.ask("HEAD /").field("Content-Length") == "15");
    CHECK(who.ask("GET /", accept_json).status == 406);
}

TEST_CASE("a file that the client has already is 304") {
    anteroom_house it;
    visitor who(it);
    auto const got = who.ask("GET /assets/main.js");
    CHECK(got.body == "start();");
    CHECK(got.field("Content-Type") == "text/javascript; charset=utf-8");
    CHECK(got.field("Cache-Control") == "no-cache");
    CHECK(got.field("Vary") == "Accept-Encoding");
    CHECK(got.field("Service-Worker-Allowed").empty());
    auto const tag = got.field("ETag");
    for (auto const& known : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
        CAPTURE(known);
        auto const again = who.ask("GET /assets/main.js", "If-None-Match: " + known + "\r\n");
        CHECK(again.status == 304);
        CHECK(again.field("ETag") == tag);
        CHECK(again.field("Cache-Control") == "no-cache");
        CHECK(again.field("Vary") == "Accept-Encoding");
        CHECK(again.field("Content-Type").empty());
    }
    CHECK(who.ask("GET /assets/main.js", "If-None-Match: \"other\"\r\n").status == 200);
}

TEST_CASE("a file in the coding that the client accepts, brotli first") {
    struct row {
        std::string_view accepted;
        std::string_view coding;
        std::string_view body;
    };
    static constexpr row rows[] = {
        {"br", "br", "brotli"},
        {"gzip", "gzip", "gzip"},
        {"gzip, deflate, br, zstd", "br", "brotli"},
        {"GZIP;q=1.0", "gzip", "gzip"},
        {"br;q=0, gzip;q=0.5", "gzip", "gzip"},
        {"br ; q=0.001", "br", "brotli"},
        {"br;q=0.000,gzip; q = 0", "", "start();"},
        {"deflate", "", "start();"},
        {"brotli", "", "start();"},
        {"*", "", "start();"},
        {"identity", "", "start();"},
        {"", "", "start();"},
    };
    anteroom_house it;
    visitor who(it);
    auto const plain = who.ask("GET /assets/main.js").field("ETag");
    for (auto const& [accepted, coding, body] : rows) {
        CAPTURE(accepted);
        auto const field = "Accept-Encoding: " + std::string(accepted) + "\r\n";
        auto const got = who.ask("GET /assets/main.js", field);
        CHECK(got.status == 200);
        CHECK(got.field("Content-Encoding") == coding);
        CHECK(got.body == body);
        CHECK(got.field("Content-Type") == "text/javascript; charset=utf-8");
        CHECK(got.field("Vary") == "Accept-Encoding");
        // The forms are told apart.
        CHECK((got.field("ETag") == plain) == coding.empty());
        CHECK(who.ask("GET /assets/main.js", field + "If-None-Match: " + got.field("ETag") + "\r\n").status == 304);
    }
    // What has no such form is as it is.
    CHECK(who.ask("GET /assets/service-worker.js", "Accept-Encoding: br, gzip\r\n").body == "keep();");
    CHECK(who.ask("GET /assets/main.js.br").status == 404);
}

TEST_CASE("files whose names change with their content are kept for ever") {
    anteroom_house it;
    visitor who(it);
    auto const got = who.ask("GET /assets/packed/app-1.js");
    CHECK(got.body == "all();");
    CHECK(got.field("Cache-Control") == "public, max-age=31536000, immutable");
}

TEST_CASE("the service worker is for all of the server") {
    anteroom_house it;
    visitor who(it);
    auto const got = who.ask("GET /assets/service-worker.js");
    CHECK(got.field("Service-Worker-Allowed") == "../");
    CHECK(got.field("Cache-Control") == "no-cache");
}

TEST_CASE("an address with nothing is a page for who prefers one") {
    anteroom_house it;
    visitor who(it);
    // What leads to the lobby from there.
    std::pair<std::string, std::string_view> const rows[] = {
        {"GET /nowhere", "./"},
        {"GET /rooms/", "../"},
        {"GET /room/a/", "../../"},
        {"GET /a/b/c/d?e=/f/", "../../../"},
        {"GET http://localhost/a/b", "../"},
        // No room can have these names.
        {"GET /room/", "../"},
        {"GET /room/" + std::string(200, 'a'), "../"},
    };
    for (auto const& [line, lobby] : rows) {
        CAPTURE(line);
        auto const got = who.ask(line, "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n");
        CHECK(got.status == 404);
        CHECK(got.body == "<a href=\"" + std::string(lobby) + "\">");
        CHECK(got.field("Content-Type") == "text/html; charset=utf-8");
        CHECK(got.field("Cache-Control") == "no-cache");
        CHECK(got.field("Vary") == "Accept");
        CHECK(got.field("Content-Security-Policy").starts_with("default-src 'none'"));
    }
    for (std::string_view const accept : {"", "Accept: */*\r\n", "Accept: application/json\r\n",
                                          "Accept: text/html;q=0.5, application/problem+json\r\n"}) {
        CAPTURE(accept);
        auto const got = who.ask("GET /nowhere", accept);
        CHECK(got.status == 404);
        CHECK(got.field("Content-Type") == "application/problem+json");
    }
    // Who sends something, or reads a file, is a program.
    for (auto const* line : {"POST /nowhere", "DELETE /nowhere", "GET /assets/none.js"}) {
        CAPTURE(line);
        CHECK(who.ask(line, "Accept: text/html\r\n").field("Content-Type") == "application/problem+json");
    }
}

TEST_CASE("pages of listed origins may have it in a frame") {
    api_options options;
    options.frame_ancestors = "https://app.example https://b.example";
    anteroom_house it(options);
    visitor who(it);
    for (auto const* line : {"GET /", "GET /room/a", "GET /nowhere"}) {
        CAPTURE(line);
        CHECK(who.ask(line, "Accept: text/html\r\n")
                  .field("Content-Security-Policy")
                  .ends_with("frame-ancestors https://app.example https://b.example"));
    }
}

TEST_CASE("files that there are not") {
    anteroom_house it;
    visitor who(it);
    for (auto const* name :
         {"none.js", "main.exe", "main", ".js", "Main_2-x.js", "a~.js", "..%2Fmain.js", "a%20b.js"}) {
        CAPTURE(name);
        auto const got = who.ask(std::string("GET /assets/") + name);
        CHECK(got.status == 404);
        CHECK(got.has("no such file"));
    }
}

TEST_CASE("a page from a folder is read at each request") {
    page_folder const folder;
    anteroom_house it({}, {}, folder.path());
    visitor who(it);
    auto const none = who.ask("GET /");
    CHECK(none.status == 404);
    CHECK(none.has("--web"));
    folder.write("index.html", "first");
    folder.write("style.css", "p{}");
    auto const first = who.ask("GET /");
    CHECK(first.body == "first");
    folder.write("index.html", "second");
    auto const second = who.ask("GET /", "If-None-Match: " + first.field("ETag") + "\r\n");
    CHECK(second.body == "second");
    CHECK(who.ask("GET /assets/style.css").field("Content-Type") == "text/css; charset=utf-8");
    CHECK(who.ask("GET /assets/main.js").status == 404);
    // A file stays until all of it is sent, whatever becomes of it meanwhile.
    visitor slow(it);
    folder.write("big.js", std::string(50'000, 'x'));
    slow.limit(1000);
    slow.send(request("GET /assets/big.js"));
    folder.write("big.js", "");
    CHECK(slow.next_answer().body == std::string(50'000, 'x'));
}
