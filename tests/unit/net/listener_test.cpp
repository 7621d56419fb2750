// Listening sockets: real ports, one socket a shard, and the files of Unix sockets.
#include <anteroom/net/listener.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

using namespace anteroom::net;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

namespace {

listener listen_on(std::string const& text, std::size_t count = 1) {
    auto at = parse_address(text);
    REQUIRE(at);
    return listener(std::move(*at), count);
}

bool connects(std::string const& text) {
    auto const at = parse_address(text);
    REQUIRE(at);
    descriptor const made(::socket(at->endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    return ::connect(made.get(), at->endpoint.data(), static_cast<socklen_t>(at->endpoint.size())) == 0;
}

/// A folder that ends with the test.
struct temporary_folder {
    temporary_folder() {
        std::string name = (std::filesystem::temp_directory_path() / "anteroom-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~temporary_folder() { std::filesystem::remove_all(path); }

    std::filesystem::path path;
};

}  // namespace

TEST_CASE("port 0 becomes a real one, at which the listener listens until it ends") {
    std::string where;
    {
        auto const made = listen_on("127.0.0.1:0");
        where = made.local();
        CHECK(where.starts_with("127.0.0.1:"));
        CHECK_FALSE(where.ends_with(":0"));
        CHECK_FALSE(made.is_unix());
        CHECK(connects(where));
    }
    CHECK_FALSE(connects(where));
}

TEST_CASE("each shard takes a socket of its own, all at one port") {
    auto made = listen_on("127.0.0.1:0", 3);
    descriptor const one = made.take(0);
    descriptor const two = made.take(1);
    descriptor three = made.take(2);
    CHECK(one);
    CHECK(two);
    CHECK(three);
    CHECK(one.get() != two.get());
    three.close();
    CHECK(connects(made.local()));
}

TEST_CASE("a port that is taken is refused, with the address in the text, also where it could be shared") {
    auto const first = listen_on("127.0.0.1:0", 2);
    for (std::size_t const count : {std::size_t{1}, std::size_t{2}})
        CHECK_THROWS_MATCHES(listen_on(first.local(), count), std::system_error,
                             MessageMatches(ContainsSubstring("cannot listen on " + first.local())));
}

TEST_CASE("a Unix socket is shared by the shards, and its file goes with the listener") {
    temporary_folder const folder;
    auto const file = folder.path / "socket";
    auto const text = "unix:" + file.string();
    {
        auto made = listen_on(text, 2);
        CHECK(made.is_unix());
        CHECK(made.local() == text);
        descriptor const one = made.take(0);
        descriptor const two = made.take(1);
        CHECK(one.get() != two.get());
        CHECK(connects(text));
        auto const moved = std::move(made);
        CHECK(std::filesystem::exists(file));
    }
    CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("a socket that listens already is shared by the shards, and its file stays") {
    temporary_folder const folder;
    auto const file = folder.path / "socket";
    for (auto const& text : {std::string("127.0.0.1:0"), "unix:" + file.string(),
                             "unix:" + std::string(1, '\0') + "anteroom-" + std::to_string(::getpid())}) {
        INFO(text);
        auto const at = parse_address(text);
        REQUIRE(at);
        descriptor made(::socket(at->endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
        REQUIRE(::bind(made.get(), at->endpoint.data(), static_cast<socklen_t>(at->endpoint.size())) == 0);
        CHECK_THROWS_AS(listener(descriptor(::dup(made.get())), 1), std::system_error);  // it does not listen yet
        REQUIRE(::listen(made.get(), 1) == 0);
        auto const number = made.get();
        listener passed(std::move(made), 2);
        CHECK(passed.local().starts_with(at->is_unix() ? "unix:" : "127.0.0.1:"));
        CHECK_FALSE(passed.local().ends_with(":0"));
        descriptor const one = passed.take(0);
        descriptor const two = passed.take(1);
        CHECK(one.get() == number);
        CHECK(two);
        CHECK((::fcntl(two.get(), F_GETFL) & O_NONBLOCK) != 0);
        if (at->unix_path.find('\0') == std::string::npos)
            CHECK(connects(passed.local()));
        else
            CHECK(passed.local() == "unix:@anteroom-" + std::to_string(::getpid()));
    }
    CHECK(std::filesystem::exists(file));
    CHECK_THROWS_AS(listener(descriptor(), 1), std::system_error);
}

TEST_CASE("the file of a Unix socket is taken over if nobody serves it, and nothing else is") {
    temporary_folder const folder;
    auto const file = folder.path / "socket";
    auto const text = "unix:" + file.string();
    {
        // As a server leaves it that was killed.
        auto const at = parse_address(text);
        descriptor const killed(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        REQUIRE(::bind(killed.get(), at->endpoint.data(), static_cast<socklen_t>(at->endpoint.size())) == 0);
    }
    {
        auto const made = listen_on(text);
        CHECK(connects(text));
        CHECK_THROWS_AS(listen_on(text), std::system_error);
        CHECK(connects(text));
    }
    std::ofstream(file) << "not a socket";
    CHECK_THROWS_AS(listen_on(text), std::system_error);
    CHECK(std::filesystem::is_regular_file(file));
}
