// The access log: one line a request, once it is known what became of it.
#include "http/waiting_handlers.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>

using namespace anteroom;
using namespace anteroom::unit;
using std::chrono::seconds;

namespace {

/// While it lives, what is written to stderr comes here instead.
class captured_stderr {
  public:
    captured_stderr() : stderr_(::dup(STDERR_FILENO)), file_(::memfd_create("stderr", MFD_CLOEXEC)) {
        REQUIRE((stderr_ >= 0 && file_ >= 0));
        std::fflush(stderr);
        ::dup2(file_, STDERR_FILENO);
    }
    ~captured_stderr() {
        std::fflush(stderr);
        ::dup2(stderr_, STDERR_FILENO);
        ::close(stderr_);
        ::close(file_);
    }
    captured_stderr(captured_stderr const&) = delete;
    captured_stderr& operator=(captured_stderr const&) = delete;

    std::string text() const {
        std::fflush(stderr);
        std::array<char, 64 * 1024> bytes;
        auto const got = ::pread(file_, bytes.data(), bytes.size(), 0);
        return {bytes.data(), static_cast<std::size_t>(got)};
    }

  private:
    int stderr_;
    int file_;
};

struct logging_house : scripted_house {
    logging_house() { options.access_log = true; }
};

}  // namespace

TEST_CASE("a request that was answered has a line in the access log") {
    logging_house it;
    client who(it.sessions);
    std::string sent;
    std::string text;
    {
        captured_stderr log;
        who.send(get("/a") + post("/b", "hi"));
        sent = who.receive();
        text = log.text();
    }
    auto const first = sent.find("/a") + 2;
    CHECK(count(text, "access ") == 2);
    CHECK(count(text, "access GET /a 200 " + std::to_string(first) + " 0ms") == 1);
    CHECK(count(text, "access POST /b 200 " + std::to_string(sent.size() - first) + " 0ms") == 1);
}

TEST_CASE("a request that waited has its time in the log, once") {
    logging_house it;
    gate change(it.home.get_executor());
    auto why = http::stop_reason::none;
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        return wait_stoppable(to, std::move(asked), change, why);
    };
    client who(it.sessions);
    std::string text;
    {
        captured_stderr log;
        who.send(get("/a"));
        CHECK(log.text().empty());
        SECTION("answered") {
            it.advance(seconds(20));
        }
        SECTION("hung up on") {
            it.expire_after(seconds(9));
            who.hang_up();
        }
        text = log.text();
    }
    if (why == http::stop_reason::hung_up)
        CHECK(count(text, "access GET /a 0 0 90") == 1);
    else
        CHECK(count(text, "access GET /a 200 ") == 1);
    CHECK(count(text, "access ") == 1);
}

TEST_CASE("a refusal has no target in the log") {
    logging_house it;
    client who(it.sessions);
    std::string text;
    {
        captured_stderr log;
        who.send("nonsense\r\n\r\n");
        text = log.text();
    }
    CHECK(count(text, "access - - 400 ") == 1);
}

TEST_CASE("what a terminal or a parser would trip over is escaped in the log") {
    logging_house it;
    client who(it.sessions);
    std::string text;
    {
        captured_stderr log;
        who.send(get("/a\"b\\c\xC3\xA4"));
        text = log.text();
    }
    CHECK(count(text, "access GET /a%22b%5Cc%C3%A4 200 ") == 1);
}

TEST_CASE("a stream, and what is answered again, are in the log") {
    logging_house it;
    struct fits_all final : http::connection_cache {
        bool fits(http::request_line const&) const noexcept override { return true; }
    };
    it.service.on_request = [](http::session& to, http::request_ptr) {
        to.keep(std::make_unique<fits_all>());
        to.begin_stream({});
        to.end_stream();
        return awaitable<>();
    };
    it.service.on_again = [](http::session& to, std::unique_ptr<http::connection_cache>) {
        to.upgrade({});
        return awaitable<>();
    };
    client who(it.sessions);
    std::string text;
    {
        captured_stderr log;
        who.send(get("/a"));
        who.send(get("/b"));
        text = log.text();
    }
    CHECK(count(text, "access GET /a 200 ") == 1);
    CHECK(count(text, "access GET /b 101 ") == 1);
}
