#include <anteroom/client/backoff.hpp>
#include <anteroom/client/http_client.hpp>
#include <anteroom/client/publisher.hpp>
#include <anteroom/client/publish_request.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <random>

namespace anteroom::client {

namespace {

using clock = std::chrono::steady_clock;

// What the answer to one try comes to.
verdict judge_try(result<answer> const& got, receipt& into) {
    verdict out;
    if (!got) {
        out.what = verdict::action::again;
        out.why = got.error();
        return out;
    }
    out = judge(*got);
    if (out.what != verdict::action::take)
        return out;
    if (auto read = read_receipt(got->body)) {
        into = std::move(*read);
        return out;
    }
    out.what = verdict::action::give_up;
    out.why = error(errc::refused, "what answers is no anteroom", got->status);
    return out;
}

}  // namespace

class publisher::state {
  public:
    state(asio::any_io_executor const& on, std::string const& server, publisher_options with)
        : options_(std::move(with)), timer_(on) {
        auto url = parse_server_url(server);
        if (url)
            calls_.emplace(on, *url);
        else
            wrong_ = url.error();
    }

    /// Tries again until `last_try`; all of it ends at `until`.
    asio::awaitable<result<receipt>> publish(std::span<std::string const> rooms, draft const& what, time_point last_try,
                                             time_point until);
    time_point last_try() const { return clock::now() + options_.give_up; }
    void close() noexcept {
        if (calls_)
            calls_->close();
    }

  private:
    std::string make_key() { return fmt::format("{:016x}{:016x}", random_(), random_()); }

    publisher_options options_;
    std::optional<error> wrong_;
    std::optional<caller> calls_;
    std::mt19937_64 random_ = seeded();
    asio::steady_timer timer_;

    // Keys must not meet those of another process: one word of seed would be too little.
    static std::mt19937_64 seeded() {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device(), device(), device()};
        return std::mt19937_64(seed);
    }
};

asio::awaitable<result<receipt>> publisher::state::publish(std::span<std::string const> rooms, draft const& what,
                                                           time_point last_try, time_point until) {
    if (wrong_)
        co_return *wrong_;
    auto const key = what.key().empty() ? make_key() : what.key();
    auto const asked = publish_request(rooms, what, options_.as, key);
    if (!asked)
        co_return asked.error();
    backoff waits(options_.backoff_first, options_.backoff_most);
    auto const wanted = co_await asio::this_coro::cancellation_state;
    for (;;) {
        auto const bound = std::min(until, clock::now() + options_.patience);
        auto const got = co_await calls_->call(*asked, bound);
        if (wanted.cancelled() != asio::cancellation_type::none)
            co_return error(errc::cancelled, "cancelled");
        receipt done;
        auto const verdict = judge_try(got, done);
        if (verdict.what == verdict::action::take)
            co_return done;
        if (verdict.what == verdict::action::give_up)
            co_return verdict.why;
        auto const again = clock::now() + waits.next(random_(), verdict.after);
        if (again >= std::min(last_try, until))
            co_return error(errc::unreachable, verdict.why.text, verdict.why.status);
        timer_.expires_at(again);
        co_await timer_.async_wait(as_value);
    }
}

publisher::publisher(asio::any_io_executor const& on, std::string const& server, publisher_options with)
    : state_(std::make_shared<state>(on, server, std::move(with))) {}
publisher::publisher(publisher&&) noexcept = default;
publisher& publisher::operator=(publisher&&) noexcept = default;
publisher::~publisher() = default;

asio::awaitable<result<receipt>> publisher::publish_until(std::vector<std::string> rooms, draft what,
                                                          time_point last_try, time_point until) {
    auto const held = state_;
    try {
        std::span<std::string const> const all(rooms);
        auto out = co_await held->publish(all, what, last_try, until);
        if (!out && out.error().code == errc::cancelled)
            held->close();
        co_return out;
    } catch (boost::system::system_error const& thrown) {
        // A cancellation shows as an exception at whatever was awaited after it.
        if (thrown.code() != asio::error::operation_aborted)
            throw;
    }
    held->close();
    co_return error(errc::cancelled, "cancelled");
}

asio::awaitable<result<receipt>> publisher::publish(std::vector<std::string> rooms, draft what, time_point until) {
    return publish_until(std::move(rooms), std::move(what), until, until);
}

asio::awaitable<result<receipt>> publisher::publish(std::vector<std::string> rooms, draft what) {
    return publish_until(std::move(rooms), std::move(what), state_->last_try(), never());
}

asio::awaitable<result<receipt>> publisher::publish(std::string room, draft what, time_point until) {
    return publish(std::vector<std::string>{std::move(room)}, std::move(what), until);
}

asio::awaitable<result<receipt>> publisher::publish(std::string room, draft what) {
    return publish(std::vector<std::string>{std::move(room)}, std::move(what));
}

}  // namespace anteroom::client
