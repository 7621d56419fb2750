#include <anteroom/base/text.hpp>
#include <anteroom/client/backoff.hpp>
#include <anteroom/client/receive_queue.hpp>
#include <anteroom/client/server_url.hpp>
#include <anteroom/client/source.hpp>
#include <anteroom/client/subscriber.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <random>

namespace anteroom::client {

namespace {

using clock = std::chrono::steady_clock;

std::optional<error> check_options(subscriber_options const& options) {
    if (options.limit < 1 || options.limit > 1000)
        return error(errc::bad_argument, "limit is 1 to 1000 messages");
    if (options.wait < std::chrono::milliseconds(0))
        return error(errc::bad_argument, "wait is not negative");
    if (!is_utf8(options.as) || utf8_length(options.as) > 64 || has_control_character(options.as))
        return error(errc::bad_argument, "a name is 1 to 64 characters of UTF-8 without control characters");
    return std::nullopt;
}

}  // namespace

class subscriber::state {
  public:
    state(asio::any_io_executor const& executor, std::string const& server, std::vector<std::string> rooms,
          subscriber_options options);

    asio::awaitable<result<batch>> next(time_point until);
    asio::awaitable<result<void>> start(time_point until);
    void close() noexcept;
    std::string cursor() const { return queue_ ? queue_->delivered().text() : std::string(); }

  private:
    asio::awaitable<std::optional<error>> fetch(time_point until);
    asio::awaitable<std::optional<error>> wait_to_retry(time_point until);
    std::optional<error> process(fetch_result got, time_point until);
    source& current_source();

    asio::any_io_executor executor_;
    subscriber_options options_;
    std::optional<error> invalid_;
    server_url to_;
    std::optional<receive_queue> queue_;
    std::unique_ptr<source> start_source_;  // polls without waiting for the current cursor, while a room has none
    std::unique_ptr<source> source_;
    backoff backoff_;
    std::mt19937_64 random_{std::random_device{}()};
    asio::steady_timer timer_;
    std::optional<time_point> retry_at_;
    bool connected_ = false;
};

subscriber::state::state(asio::any_io_executor const& executor, std::string const& server,
                         std::vector<std::string> rooms, subscriber_options options)
    : executor_(executor),
      options_(std::move(options)),
      backoff_(options_.backoff_initial, options_.backoff_max),
      timer_(executor) {
    auto url = parse_server_url(server);
    auto start = subscription_cursor::for_rooms(std::move(rooms));
    invalid_ = check_options(options_);
    if (!url)
        invalid_ = url.error();
    else if (!start)
        invalid_ = start.error();
    else if (!options_.after.empty() && !start->update(options_.after))
        invalid_ = error(errc::bad_argument, "'" + options_.after + "' is not a cursor of these rooms");
    if (invalid_)
        return;
    to_ = *url;
    queue_.emplace(std::move(*start));
}

source& subscriber::state::current_source() {
    if (!queue_->received().complete()) {
        if (!start_source_)
            start_source_ = make_poll_source(executor_, to_, options_, true);
        return *start_source_;
    }
    start_source_.reset();
    if (!source_) {
        switch (options_.over) {
            case transport::poll:
                source_ = make_poll_source(executor_, to_, options_, false);
                break;
            case transport::stream:
            case transport::sse:
                source_ = make_stream_source(executor_, to_, options_);
                break;
            case transport::websocket:
                source_ = make_websocket_source(executor_, to_, options_);
                break;
        }
    }
    return *source_;
}

void subscriber::state::close() noexcept {
    start_source_.reset();
    if (source_)
        source_->close();
}

asio::awaitable<std::optional<error>> subscriber::state::wait_to_retry(time_point until) {
    std::optional<error> out;
    if (!retry_at_)
        co_return out;
    timer_.expires_at(std::min(*retry_at_, until));
    co_await timer_.async_wait(as_value);
    if (clock::now() >= *retry_at_)
        retry_at_.reset();
    else
        out = error(errc::timed_out, "no message arrived in time");
    co_return out;
}

std::optional<error> subscriber::state::process(fetch_result got, time_point until) {
    if (got.connected) {
        if (!connected_ && options_.on_connect)
            options_.on_connect();
        // Accepting a connection is not enough to reset the backoff: events, or a second success, are.
        if (connected_ || !got.events.empty())
            backoff_.reset();
        connected_ = true;
    }
    if (!queue_->add(std::move(got.events)))
        got.failure = retryable(
            {errc::unreachable, "the server sent an event of a room that is not subscribed to, or an invalid cursor"});
    if (!got.failure)
        return std::nullopt;
    connected_ = false;
    close();
    if (got.failure->what == outcome::action::give_up)
        return got.failure->why;
    if (clock::now() >= until)
        return error(errc::timed_out, "no message arrived in time");
    auto const delay = backoff_.next(random_(), got.failure->retry_after);
    retry_at_ = clock::now() + delay;
    if (options_.on_retry)
        options_.on_retry(got.failure->why, delay);
    return std::nullopt;
}

// One step; the events received are in the queue afterwards.
asio::awaitable<std::optional<error>> subscriber::state::fetch(time_point until) {
    std::optional<error> out = co_await wait_to_retry(until);
    auto const cancellation = co_await asio::this_coro::cancellation_state;
    if (!out && cancellation.cancelled() == asio::cancellation_type::none) {
        auto got = co_await current_source().fetch(queue_->received(), until);
        // If the call was cancelled, the failure is a consequence of that.
        if (!got.failure || cancellation.cancelled() == asio::cancellation_type::none)
            out = process(std::move(got), until);
    }
    if (cancellation.cancelled() != asio::cancellation_type::none)
        out = error(errc::cancelled, "cancelled");
    co_return out;
}

asio::awaitable<result<batch>> subscriber::state::next(time_point until) {
    if (invalid_)
        co_return *invalid_;
    for (;;) {
        if (auto found = queue_->next())
            co_return std::move(*found);
        if (queue_->take_superseded()) {
            close();
            co_return error(errc::superseded, "a newer subscriber with the same client id took over");
        }
        std::optional<error> const failed = co_await fetch(until);
        if (failed)
            co_return *failed;
    }
}

asio::awaitable<result<void>> subscriber::state::start(time_point until) {
    if (invalid_)
        co_return *invalid_;
    while (!queue_->received().complete()) {
        std::optional<error> const failed = co_await fetch(until);
        if (failed)
            co_return *failed;
    }
    co_return result<void>();
}

subscriber::subscriber(asio::any_io_executor const& executor, std::string const& server, std::vector<std::string> rooms,
                       subscriber_options options)
    : state_(std::make_shared<state>(executor, server, std::move(rooms), std::move(options))) {}
subscriber::subscriber(asio::any_io_executor const& executor, std::string const& server, std::string room,
                       subscriber_options options)
    : subscriber(executor, server, std::vector<std::string>{std::move(room)}, std::move(options)) {}
subscriber::subscriber(subscriber&&) noexcept = default;
subscriber& subscriber::operator=(subscriber&&) noexcept = default;
subscriber::~subscriber() = default;

// A cancellation surfaces as an exception from the next co_await.
asio::awaitable<result<void>> subscriber::start(time_point until) {
    auto const held = state_;
    try {
        auto out = co_await held->start(until);
        co_return out;
    } catch (boost::system::system_error const& thrown) {
        if (thrown.code() != asio::error::operation_aborted)
            throw;
    }
    held->close();
    co_return error(errc::cancelled, "cancelled");
}

asio::awaitable<result<batch>> subscriber::next(time_point until) {
    auto const held = state_;
    try {
        auto out = co_await held->next(until);
        if (!out && (out.error().code == errc::cancelled || out.error().code == errc::timed_out))
            held->close();
        co_return out;
    } catch (boost::system::system_error const& thrown) {
        if (thrown.code() != asio::error::operation_aborted)
            throw;
    }
    held->close();
    co_return error(errc::cancelled, "cancelled");
}

asio::awaitable<result<void>> subscriber::start() {
    return start(never());
}

asio::awaitable<result<batch>> subscriber::next() {
    return next(never());
}

std::string subscriber::cursor() const {
    return state_->cursor();
}

}  // namespace anteroom::client
