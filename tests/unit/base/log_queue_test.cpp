// The queue of the log: nobody waits for its reader, and what is dropped is counted and said in its place.
#include <anteroom/base/log_queue.hpp>
#include <anteroom/net/descriptor.hpp>

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

using namespace anteroom;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 20s;

std::string note(std::uint64_t count) {
    return "(" + std::to_string(count) + ")\n";
}

class narrow_pipe {
  public:
    narrow_pipe() {
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
        read_ = net::descriptor(ends[0]);
        write_ = net::descriptor(ends[1]);
        size_ = static_cast<std::size_t>(::fcntl(write_.get(), F_SETPIPE_SZ, 4096));
    }

    int end() const noexcept { return write_.get(); }
    std::size_t size() const noexcept { return size_; }
    void close_reader() noexcept { read_.close(); }
    std::string read(std::size_t size) const {
        std::string out(size, '\0');
        std::size_t got = 0;
        while (got < size) {
            pollfd waiting{read_.get(), POLLIN, 0};
            REQUIRE(::poll(&waiting, 1, 20'000) == 1);
            auto const some = ::read(read_.get(), out.data() + got, size - got);
            REQUIRE(some > 0);
            got += static_cast<std::size_t>(some);
        }
        return out;
    }

  private:
    net::descriptor read_;
    net::descriptor write_;
    std::size_t size_ = 0;
};

}  // namespace

TEST_CASE("lines are written in their order, whichever threads queue them") {
    narrow_pipe pipe;
    log::queue to(pipe.end(), note);
    std::vector<std::thread> threads;
    for (char const name : {'a', 'b', 'c'}) {
        threads.emplace_back([&, name] {
            for (char i = '0'; i <= '9'; ++i)
                to.push(std::string{name, i, '\n'});
        });
    }
    for (auto& each : threads)
        each.join();
    auto const text = pipe.read(90);
    CHECK(to.flush(patience));
    for (char const name : {'a', 'b', 'c'}) {
        std::string digits;
        for (std::size_t i = 0; i < text.size(); i += 3) {
            if (text[i] == name)
                digits += text[i + 1];
        }
        CHECK(digits == "0123456789");
    }
    CHECK(to.dropped() == 0);
}

TEST_CASE("what does not fit is dropped, and its number stands where it would") {
    narrow_pipe pipe;
    log::queue to(pipe.end(), note, 30);
    std::string const filler(pipe.size() + 1, 'f');
    // The thread is in the middle of this one until the pipe is read.
    to.push("short\n");
    REQUIRE(to.flush(patience));
    CHECK(pipe.read(6) == "short\n");
    std::string expected;
    log::queue stuck(pipe.end(), note, filler.size() + 30);
    stuck.push(filler);
    while (stuck.flush(0ms)) {
    }
    pollfd readable{pipe.end(), POLLOUT, 0};
    while (::poll(&readable, 1, 0) == 1)
        std::this_thread::yield();
    for (int i = 0; i < 2000; ++i)
        stuck.push("line " + std::to_string(1000 + i) + "\n");
    auto const dropped = stuck.dropped();
    CHECK(dropped > 0);
    CHECK(dropped < 2000);
    CHECK_FALSE(stuck.flush(1ms));
    for (std::uint64_t i = 0; i < 2000 - dropped; ++i)
        expected += "line " + std::to_string(1000 + i) + "\n";
    expected += note(dropped);
    CHECK(pipe.read(filler.size() + expected.size()) == filler + expected);
    CHECK(stuck.flush(patience));
    stuck.push("after\n");
    CHECK(pipe.read(6) == "after\n");
    CHECK(stuck.dropped() == dropped);
}

TEST_CASE("what cannot be written is counted, and the next line is the next attempt") {
    std::signal(SIGPIPE, SIG_IGN);
    narrow_pipe pipe;
    pipe.close_reader();
    log::queue to(pipe.end(), note);
    for (std::uint64_t i = 1; i <= 5; ++i) {
        to.push("line\n");
        CHECK(to.flush(patience));
        CHECK(to.dropped() == i);
    }
}

TEST_CASE("a line that could not be made is said too") {
    narrow_pipe pipe;
    log::queue to(pipe.end(), note);
    to.push("one\n");
    CHECK(pipe.read(4) == "one\n");
    REQUIRE(to.flush(patience));
    to.drop();
    CHECK(to.dropped() == 1);
    CHECK(pipe.read(4) == "(1)\n");
}
