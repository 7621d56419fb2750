// The handlers of a stream's waits: executors, allocators, lifetime; and what is reported while nobody waits.
#include "net/stream_pair.hpp"

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/strand.hpp>

#include <vector>

using namespace anteroom;
using namespace anteroom::unit;
using wait_type = net::stream::wait_type;

namespace {

template <class T>
struct counting_allocator {
    using value_type = T;
    explicit counting_allocator(int& count) noexcept : count_(&count) {}
    template <class U>
    counting_allocator(counting_allocator<U> const& other) noexcept : count_(other.count_) {}

    T* allocate(std::size_t n) {
        ++*count_;
        return std::allocator<T>().allocate(n);
    }
    void deallocate(T* at, std::size_t n) noexcept {
        --*count_;
        std::allocator<T>().deallocate(at, n);
    }
    bool operator==(counting_allocator const&) const = default;

    int* count_;
};

struct witness final : net::stream_observer {
    std::vector<char> seen;

    void input_came() override { seen.push_back('i'); }
    void hung_up() override { seen.push_back('h'); }
    void report_soon() const noexcept override {}
};

}  // namespace

TEST_CASE("the handler of a wait runs on its own executor: a strand, or another shard, that has work until then") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    bool const cancelled = GENERATE(false, true);
    shard other(1);
    auto const strand = asio::make_strand(it.home.io());
    result there;
    bool in_strand = false;
    it.near->async_wait(wait_type::read, asio::bind_executor(other.get_executor(), keep_in(there)));
    it.far->async_wait(wait_type::read, asio::bind_executor(strand, [&](net::error_code) {
                           in_strand = strand.running_in_this_thread();
                       }));
    other.io().poll();
    CHECK_FALSE(other.io().stopped());
    if (cancelled) {
        it.near->cancel();
        it.far->cancel();
    } else {
        write_all(*it.near, "x");
        write_all(*it.far, "x");
    }
    it.run();
    CHECK(in_strand);
    CHECK_FALSE(there);
    REQUIRE(run_ready(other));
    CHECK(there == (cancelled ? net::error_code(asio::error::operation_aborted) : net::error_code()));
    CHECK(other.io().stopped());
}

TEST_CASE("a handler that does not fit into the stream is kept by its own allocator") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    int count = 0;
    result ended;
    it.near->async_wait(wait_type::read, asio::bind_allocator(counting_allocator<char>(count),
                                                              [keep = keep_in(ended),
                                                               more = std::array<char, 64>()](net::error_code ec) {
                                                                  CHECK(more[0] == 0);
                                                                  keep(ec);
                                                              }));
    CHECK(count == 1);
    write_all(*it.far, "x");
    it.run();
    CHECK(ended);
    CHECK(count == 0);
}

TEST_CASE("a stream that is destroyed drops the handlers that wait") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    auto const held = std::make_shared<int>();
    fill(*it.near);
    it.near->async_wait(wait_type::read, [held](net::error_code) { FAIL(); });
    it.near->async_wait(wait_type::write, [held, more = std::array<char, 64>()](net::error_code) { FAIL(more[0]); });
    CHECK(held.use_count() == 3);
    it.near.reset();
    CHECK(held.use_count() == 1);
    it.run();
}

TEST_CASE("a handler may destroy its stream, and may begin the next wait") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    fill(*it.near);
    bool destroyed = false;
    result wrote, again;
    it.near->async_wait(wait_type::write, keep_in(wrote));
    it.near->async_wait(wait_type::read, [&, own = std::make_unique<int>()](net::error_code) {
        it.near.reset();
        destroyed = true;
    });
    it.far->async_wait(wait_type::read, [&](net::error_code) {
        drain(*it.far);
        it.far->async_wait(wait_type::read, keep_in(again));
        write_all(*it.far, "x");
    });
    it.run();
    CHECK(destroyed);
    CHECK(wrote);
    CHECK(again == net::error_code());
}

TEST_CASE("an observer hears of input and of a hang-up that nobody waits for") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    witness who;
    it.near->observe(&who);
    write_all(*it.far, "x");
    CHECK(who.seen.empty());
    it.run();
    CHECK(who.seen == std::vector<char>{'i'});
    CHECK(drain(*it.near) == 1);
    it.run();
    CHECK(who.seen.size() == 1);

    result read;
    it.near->async_wait(wait_type::read, keep_in(read));
    write_all(*it.far, "x");
    it.run();
    CHECK(read);
    CHECK(who.seen.size() == 1);
    CHECK(drain(*it.near) == 1);

    it.far->close();
    it.run();
    REQUIRE(who.seen.size() >= 2);
    CHECK(who.seen[1] == 'h');
}

TEST_CASE("an observer hears of a hang-up beside a wait to write") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    witness who;
    it.near->observe(&who);
    fill(*it.near);
    result wrote;
    it.near->async_wait(wait_type::write, keep_in(wrote));
    it.far->close();
    it.run();
    CHECK(wrote == net::error_code());
    REQUIRE_FALSE(who.seen.empty());
    CHECK(who.seen.front() == 'h');
}

TEST_CASE("an observer that was replaced hears nothing any more") {
    stream_pair it(GENERATE(transport::sockets, transport::memory));
    witness before, after;
    it.near->observe(&before);
    write_all(*it.far, "x");
    it.near->observe(&after);
    it.run();
    CHECK(before.seen.empty());
    CHECK(after.seen == std::vector<char>{'i'});
    it.near->observe(nullptr);
    write_all(*it.far, "x");
    it.run();
    CHECK(after.seen.size() == 1);
    CHECK(it.near->readable());
}
