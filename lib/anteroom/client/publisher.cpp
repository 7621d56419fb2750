#include <anteroom/client/backoff.hpp>
#include <anteroom/client/http_client.hpp>
#include <anteroom/client/publish_request.hpp>
#include <anteroom/client/publisher.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <random>

// Coroutines here are awaited where they are called, by the owner of what they refer to.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace anteroom::client {

namespace {

using clock = std::chrono::steady_clock;

// What the result of one attempt means.
outcome evaluate_attempt(result<response> const& got, receipt& into) {
    outcome out;
    if (!got) {
        out.what = outcome::action::retry;
        out.why = got.error();
        return out;
    }
    out = evaluate(*got);
    if (out.what != outcome::action::accept)
        return out;
    if (auto read = parse_receipt(got->body)) {
        into = std::move(*read);
        return out;
    }
    out.what = outcome::action::give_up;
    out.why = error(errc::refused, "this is no anteroom server", got->status);
    return out;
}

}  // namespace

class publisher::state {
  public:
    state(asio::any_io_executor const& executor, std::string const& server, publisher_options options)
        : options_(std::move(options)), timer_(executor) {
        auto url = parse_server_url(server);
        if (url)
            http_.emplace(executor, *url);
        else
            invalid_ = url.error();
    }

    /// Starts no attempt after `last_try`; everything ends at `until`.
    asio::awaitable<result<receipt>> publish(std::span<std::string const> rooms, draft const& what, time_point last_try,
                                             time_point until);
    time_point last_try() const { return clock::now() + options_.retry_timeout; }
    void close() noexcept {
        if (http_)
            http_->close();
    }

  private:
    std::string make_key() { return fmt::format("{:016x}{:016x}", random_(), random_()); }

    publisher_options options_;
    std::optional<error> invalid_;
    std::optional<http_client> http_;
    std::mt19937_64 random_ = seeded();
    asio::steady_timer timer_;

    // Keys must not collide with those of another process: one word of seed would be too little.
    static std::mt19937_64 seeded() {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device(), device(), device()};
        return std::mt19937_64(seed);
    }
};

asio::awaitable<result<receipt>> publisher::state::publish(std::span<std::string const> rooms, draft const& what,
                                                           time_point last_try, time_point until) {
    if (invalid_)
        co_return *invalid_;
    auto const key = what.key().empty() ? make_key() : what.key();
    auto const asked = publish_request(rooms, what, options_.as, key);
    if (!asked)
        co_return asked.error();
    backoff delays(options_.backoff_initial, options_.backoff_max);
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    for (;;) {
        auto const bound = std::min(until, clock::now() + options_.response_timeout);
        auto const got = co_await http_->exchange(*asked, bound);
        if (cancellation.cancelled() != asio::cancellation_type::none)
            co_return error(errc::cancelled, "cancelled");
        receipt done;
        auto const outcome = evaluate_attempt(got, done);
        if (outcome.what == outcome::action::accept)
            co_return done;
        if (outcome.what == outcome::action::give_up)
            co_return outcome.why;
        auto const retry_at = clock::now() + delays.next(random_(), outcome.retry_after);
        if (retry_at >= std::min(last_try, until))
            co_return error(errc::unreachable, outcome.why.text, outcome.why.status);
        timer_.expires_at(retry_at);
        co_await timer_.async_wait(as_value);
    }
}

publisher::publisher(asio::any_io_executor const& executor, std::string const& server, publisher_options options)
    : state_(std::make_shared<state>(executor, server, std::move(options))) {}
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
        // A cancellation surfaces as an exception from the next co_await.
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
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
