// Connections in memory: limits, and reports in the poller's batches.
#include "net/stream_pair.hpp"

#include <algorithm>
#include <deque>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;
using net::test_stream;

namespace {

/// An end that notes when it is notified, in the order of all.
struct member final : net::stream_observer {
    member(shard& home, std::vector<member*>& all) : far(home.io()), near(home.io(), far), order(all) {
        near.observe(this);
    }
    void input_came() override {
        order.push_back(this);
        if (then)
            then();
    }
    void hung_up() override { order.push_back(this); }
    void report_soon() const noexcept override { ++soon; }

    test_stream far, near;
    std::vector<member*>& order;
    std::function<void()> then;
    mutable int soon = 0;
};

struct crowd {
    explicit crowd(std::size_t size) {
        for (std::size_t i = 0; i < size; ++i)
            all.emplace_back(home, order);
        REQUIRE(run_ready(home));
    }

    shard home{0};
    std::vector<member*> order;
    std::deque<member> all;
};

}  // namespace

TEST_CASE("an end that is not connected is closed") {
    shard home(0);
    test_stream alone(home.io());
    CHECK_FALSE(alone.is_open());
    alone.shutdown_send();
    alone.close();
    alone.break_off(asio::error::connection_reset);
    net::error_code ec;
    CHECK(write_to(alone, "x", ec) == 0);
    CHECK(ec == asio::error::bad_descriptor);
    CHECK(home.io().poll() == 0);
}

TEST_CASE("an end holds no more unread bytes than its limit, and the writer hears when there is room") {
    shard home(0);
    test_stream far(home.io());
    test_stream near(home.io(), far);
    near.limit_unread(5);
    net::error_code ec;
    CHECK(write_to(far, "abc", ec) == 3);
    CHECK(write_to(far, "defg", ec) == 2);
    CHECK_FALSE(ec);
    CHECK(write_to(far, "fg", ec) == 0);
    CHECK_FALSE(ec);
    CHECK(near.unread() == "abcde");
    result wrote;
    far.async_wait(net::stream::wait_type::write, keep_in(wrote));
    REQUIRE(run_ready(home));
    // What reported that it was connected came before it was full, as it may be with a socket.
    wrote.reset();
    if (write_to(far, "fg", ec) == 0)
        far.async_wait(net::stream::wait_type::write, keep_in(wrote));
    REQUIRE(run_ready(home));
    CHECK_FALSE(wrote);
    CHECK(read_from(near, ec, 2) == "ab");
    CHECK_FALSE(wrote);
    REQUIRE(run_ready(home));
    CHECK(wrote);
    CHECK(write_to(far, "fg", ec) == 2);
    CHECK(read_from(near, ec) == "cdefg");
    CHECK(near.unread().empty());
}

TEST_CASE("a connection that is broken off fails from then on") {
    shard home(0);
    test_stream far(home.io());
    test_stream near(home.io(), far);
    REQUIRE(run_ready(home));
    result read;
    near.async_wait(net::stream::wait_type::read, keep_in(read));
    write_all(far, "lost");
    near.break_off(asio::error::connection_reset);
    CHECK_FALSE(read);
    REQUIRE(run_ready(home));
    CHECK(read == net::error_code());
    CHECK(near.peer_closed());
    net::error_code ec;
    for (int i = 0; i < 2; ++i) {
        CHECK(read_from(near, ec).empty());
        CHECK(ec == asio::error::connection_reset);
        CHECK(write_to(near, "x", ec) == 0);
        CHECK(ec == asio::error::connection_reset);
    }
}

TEST_CASE("several changes of an end are one report, and reports come in the order of their first changes") {
    crowd it(3);
    write_all(it.all[2].far, "a");
    write_all(it.all[0].far, "b");
    write_all(it.all[2].far, "c");
    it.all[2].far.shutdown_send();
    CHECK(it.order.empty());
    REQUIRE(run_ready(it.home));
    CHECK(it.order == std::vector<member*>{&it.all[2], &it.all[0]});
    CHECK(it.all[2].near.unread() == "ac");
    CHECK(it.all[2].near.peer_closed());
}

TEST_CASE("more ends than fit in one batch are all notified, in order, and the loop turns between batches") {
    crowd it(700);
    std::size_t at_turn = 0;
    for (auto& each : it.all)
        write_all(each.far, "x");
    asio::post(it.home.io(), [&] { at_turn = it.order.size(); });
    bool behind_then = false;
    it.all[0].then = [&] { behind_then = it.all[0].near.others_wait(); };
    REQUIRE(run_ready(it.home));
    CHECK(behind_then);
    CHECK_FALSE(it.all[0].near.others_wait());
    CHECK(at_turn == 256);
    REQUIRE(it.order.size() == it.all.size());
    CHECK(std::equal(it.order.begin(), it.order.end(), it.all.begin(), [](auto* a, auto& b) { return a == &b; }));
    CHECK(it.all[1].soon > 0);
}

TEST_CASE("an end that is closed is not notified, wherever it is in the queue or in the batch") {
    crowd it(600);
    for (auto& each : it.all)
        write_all(each.far, "x");
    bool const from_within = GENERATE(false, true);
    auto const close = [&] {
        for (std::size_t const i :
             {std::size_t{1}, std::size_t{255}, std::size_t{256}, std::size_t{400}, std::size_t{599}})
            it.all[i].near.close();
    };
    if (from_within)
        it.all[0].then = close;
    else
        close();
    REQUIRE(run_ready(it.home));
    CHECK(it.order.size() == 595);
    // The queue is whole still: its end and its middle take new ones.
    it.order.clear();
    for (std::size_t const i : {std::size_t{0}, std::size_t{598}}) {
        it.all[i].then = nullptr;
        write_all(it.all[i].far, "y");
    }
    REQUIRE(run_ready(it.home));
    CHECK(it.order == std::vector<member*>{&it.all[0], &it.all[598]});
}

TEST_CASE("what an end causes while it is notified is reported in a later turn") {
    crowd it(2);
    bool within = false;
    it.all[0].then = [&] {
        within = true;
        write_all(it.all[1].far, "y");
        CHECK(it.order.size() == 1);
        within = false;
    };
    it.all[1].then = [&] { CHECK_FALSE(within); };
    write_all(it.all[0].far, "x");
    REQUIRE(run_ready(it.home));
    CHECK(it.order == std::vector<member*>{&it.all[0], &it.all[1]});
}
