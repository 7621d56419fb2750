#include <anteroom/client/source.hpp>
#include <anteroom/client/subscribe_request.hpp>

#include <algorithm>
#include <utility>

// Coroutines here are awaited where they are called, by the owner of what they refer to.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace anteroom::client {

namespace {

class poll_source final : public source {
  public:
    poll_source(asio::any_io_executor const& executor, server_url const& to, subscriber_options options, bool no_wait)
        : http_(executor, to), options_(std::move(options)) {
        if (no_wait)
            options_.wait = {};
    }

    asio::awaitable<fetch_result> fetch(subscription_cursor const& from, time_point until) override;
    void close() noexcept override { http_.close(); }

  private:
    fetch_result read(response const& got, std::chrono::milliseconds took) const;

    http_client http_;
    subscriber_options options_;
};

asio::awaitable<fetch_result> poll_source::fetch(subscription_cursor const& from, time_point until) {
    auto const request = subscribe_request(options_, from, options_.wait, "application/json");
    auto const start = std::chrono::steady_clock::now();
    auto const bound = std::min(until, start + options_.wait + options_.response_timeout);
    auto const got = co_await http_.exchange(request, bound);
    fetch_result out;
    if (!got) {
        out.failure = retryable(got.error());
        co_return out;
    }
    auto const took = std::chrono::steady_clock::now() - start;
    out = read(*got, std::chrono::duration_cast<std::chrono::milliseconds>(took));
    if (out.failure)
        close();
    co_return out;
}

fetch_result poll_source::read(response const& got, std::chrono::milliseconds took) const {
    fetch_result out;
    auto const outcome = evaluate(got);
    if (outcome.what != outcome::action::accept) {
        out.failure = outcome;
        return out;
    }
    poll_response poll;
    if (!parse_poll_response(got.body, poll)) {
        out.failure =
            retryable({errc::unreachable, "this is no anteroom server, or its responses are truncated", got.status});
        return out;
    }
    out.connected = true;
    if (poll.draining)
        out.failure = retryable({errc::unreachable, "the server is shutting down"}, retry_after(got));
    // An intermediary that answers in place of the server must not be polled a thousand times a second.
    constexpr auto immediately = std::chrono::milliseconds(50);
    if (poll.events.size() == 1 && !poll.draining && options_.wait > 2 * immediately && took < immediately)
        out.failure = retryable({errc::unreachable, "polls are answered at once, without messages"});
    out.events = std::move(poll.events);
    return out;
}

}  // namespace

outcome retryable(error why, std::chrono::milliseconds retry_after) {
    outcome out;
    out.what = outcome::action::retry;
    out.retry_after = retry_after;
    out.why = std::move(why);
    return out;
}

std::unique_ptr<source> make_poll_source(asio::any_io_executor const& executor, server_url const& to,
                                         subscriber_options const& options, bool no_wait) {
    return std::make_unique<poll_source>(executor, to, options, no_wait);
}

}  // namespace anteroom::client
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
