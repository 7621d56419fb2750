// What is passed by a service manager, and what it is notified of.
#include <anteroom/net/descriptor.hpp>
#include <anteroom/service_manager.hpp>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <system_error>

using namespace anteroom;
using std::chrono::seconds;

namespace {

/// A manager's end of NOTIFY_SOCKET, at a path or, with `@` in front, at an abstract name.
class manager_end {
  public:
    explicit manager_end(std::string const& at)
        : path_(at), socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_un to{};
        to.sun_family = AF_UNIX;
        std::ranges::copy(at, static_cast<char*>(to.sun_path));
        if (at.front() == '@')
            to.sun_path[0] = '\0';
        auto const size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + at.size());
        REQUIRE(::bind(socket_.get(), reinterpret_cast<sockaddr const*>(&to), size) == 0);
        ::setenv("NOTIFY_SOCKET", at.c_str(), 1);
    }
    ~manager_end() {
        if (path_.front() != '@')
            ::unlink(path_.c_str());
        ::unsetenv("NOTIFY_SOCKET");
    }
    manager_end(manager_end const&) = delete;
    manager_end& operator=(manager_end const&) = delete;

    /// The next datagram; empty if there is none.
    std::string receive() {
        std::array<char, 4096> bytes{};
        auto const got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
        return {bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
    }

  private:
    std::string path_;
    net::descriptor socket_;
};

std::string name(char const* what) {
    return fmt::format("anteroom-{}-{}", what, ::getpid());
}

void set_passed(std::string const& process, std::string const& count) {
    ::setenv("LISTEN_PID", process.c_str(), 1);
    ::setenv("LISTEN_FDS", count.c_str(), 1);
    ::setenv("LISTEN_FDNAMES", "web", 1);
}

bool any_variable_is_left() {
    return std::ranges::any_of(std::array{"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "NOTIFY_SOCKET"},
                               [](char const* variable) { return std::getenv(variable) != nullptr; });
}

}  // namespace

TEST_CASE("a manager is notified at a path and at an abstract name, and the variable is removed") {
    for (auto const& at : {"/tmp/" + name("notify"), "@" + name("notify"), "@" + std::string(107, 'x')}) {
        INFO(at);
        manager_end manager(at);
        service_manager const of_server;
        CHECK_FALSE(any_variable_is_left());
        CHECK(manager.receive().empty());
        of_server.notify_ready("listening on http://127.0.0.1:8080/");
        CHECK(manager.receive() == "READY=1\nSTATUS=listening on http://127.0.0.1:8080/");
        of_server.notify_stopping(seconds(15));
        CHECK(manager.receive() == "STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC=15000000");
    }
}

TEST_CASE("without a manager, or with one that cannot be reached, nothing is notified") {
    for (auto const& at : {std::string(), std::string("relative/path"), std::string("vsock:2:1234"),
                           "/tmp/" + std::string(200, 'x'), "/tmp/" + name("nobody-listens")}) {
        INFO(at);
        ::setenv("NOTIFY_SOCKET", at.c_str(), 1);
        service_manager const of_server;
        CHECK_FALSE(any_variable_is_left());
        of_server.notify_ready("ready");
        of_server.notify_stopping(seconds(1));
    }
    ::unsetenv("NOTIFY_SOCKET");
    service_manager().notify_ready("ready");
}

TEST_CASE("what was passed to another process, or in no number, is not taken; the variables are removed") {
    auto const self = std::to_string(::getpid());
    for (auto const& [process, count] : {std::pair{std::to_string(::getppid()), std::string("1")},
                                         {self, "0"},
                                         {self, "-1"},
                                         {self, "many"},
                                         {self, ""},
                                         {"", "1"}}) {
        INFO(process << ' ' << count);
        set_passed(process, count);
        CHECK(take_passed_sockets().empty());
        CHECK_FALSE(any_variable_is_left());
    }
}

TEST_CASE("sockets that were passed are taken once, and not inherited by others") {
    // Descriptor 3 may be used by the test program: it is put aside meanwhile.
    int const aside = ::fcntl(3, F_DUPFD_CLOEXEC, 100);
    {
        net::descriptor made(::socket(AF_INET, SOCK_STREAM, 0));
        if (made.get() != 3)
            REQUIRE(::dup2(made.get(), 3) == 3);
        else
            made.release();
        set_passed(std::to_string(::getpid()), "1");
        auto const taken = take_passed_sockets();
        REQUIRE(taken.size() == 1);
        CHECK(taken.front().get() == 3);
        CHECK(::fcntl(3, F_GETFD) == FD_CLOEXEC);
        CHECK_FALSE(any_variable_is_left());
        CHECK(take_passed_sockets().empty());
    }
    CHECK(::fcntl(3, F_GETFD) == -1);
    if (aside >= 0) {
        ::dup2(aside, 3);
        ::close(aside);
    }
}

TEST_CASE("fewer sockets than were announced are an error") {
    set_passed(std::to_string(::getpid()), "100000");
    // What the test program has open would be taken, and closed, so there must be nothing at 3.
    int const aside = ::fcntl(3, F_DUPFD_CLOEXEC, 100);
    ::close(3);
    CHECK_THROWS_AS(take_passed_sockets(), std::system_error);
    CHECK_FALSE(any_variable_is_left());
    if (aside >= 0) {
        ::dup2(aside, 3);
        ::close(aside);
    }
}
