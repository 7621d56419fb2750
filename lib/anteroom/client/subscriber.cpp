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

std::optional<error> wrong_options(subscriber_options const& with) {
    if (with.limit < 1 || with.limit > 1000)
        return error(errc::bad_argument, "limit is 1 to 1000 messages");
    if (with.wait < std::chrono::milliseconds(0))
        return error(errc::bad_argument, "wait is not negative");
    if (!is_utf8(with.as) || utf8_length(with.as) > 64 || has_control_character(with.as))
        return error(errc::bad_argument, "a name is 1 to 64 characters of UTF-8 without control characters");
    return std::nullopt;
}

}  // namespace

class subscriber::state {
  public:
    state(asio::any_io_executor const& on, std::string const& server, std::vector<std::string> rooms,
          subscriber_options with);

    asio::awaitable<result<batch>> next(time_point until);
    asio::awaitable<result<void>> start(time_point until);
    void close() noexcept;
    std::string cursor() const { return inbox_ ? inbox_->handed_out().cursor() : std::string(); }

  private:
    asio::awaitable<std::optional<error>> fetch(time_point until);
    asio::awaitable<std::optional<error>> wait_to_retry(time_point until);
    std::optional<error> take(fetched got, time_point until);
    source& current();

    asio::any_io_executor on_;
    subscriber_options options_;
    std::optional<error> wrong_;
    server_url to_;
    std::optional<inbox> inbox_;
    std::unique_ptr<source> first_;  // tells the place, where there is none
    std::unique_ptr<source> source_;
    backoff backoff_;
    std::mt19937_64 random_{std::random_device{}()};
    asio::steady_timer timer_;
    std::optional<time_point> retry_at_;
    bool connected_ = false;
};

subscriber::state::state(asio::any_io_executor const& on, std::string const& server, std::vector<std::string> rooms,
                         subscriber_options with)
    : on_(on), options_(std::move(with)), backoff_(options_.backoff_first, options_.backoff_most), timer_(on) {
    auto url = parse_server_url(server);
    auto start = places::in(std::move(rooms));
    wrong_ = wrong_options(options_);
    if (!url)
        wrong_ = url.error();
    else if (!start)
        wrong_ = start.error();
    else if (!options_.after.empty() && !start->take(options_.after))
        wrong_ = error(errc::bad_argument, "'" + options_.after + "' is not a cursor of these rooms");
    if (wrong_)
        return;
    to_ = *url;
    inbox_.emplace(std::move(*start));
}

source& subscriber::state::current() {
    if (!inbox_->received().complete()) {
        if (!first_)
            first_ = make_poll_source(on_, to_, options_, true);
        return *first_;
    }
    first_.reset();
    if (!source_) {
        switch (options_.over) {
            case transport::poll:
                source_ = make_poll_source(on_, to_, options_, false);
                break;
            case transport::stream:
            case transport::sse:
                source_ = make_stream_source(on_, to_, options_);
                break;
            case transport::websocket:
                source_ = make_websocket_source(on_, to_, options_);
                break;
        }
    }
    return *source_;
}

void subscriber::state::close() noexcept {
    first_.reset();
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
        out = error(errc::timed_out, "no message came in time");
    co_return out;
}

std::optional<error> subscriber::state::take(fetched got, time_point until) {
    if (got.alive) {
        if (!connected_ && options_.on_connect)
            options_.on_connect();
        // To let somebody in is not enough: a server that works goes on.
        if (connected_ || !got.items.empty())
            backoff_.reset();
        connected_ = true;
    }
    if (!inbox_->add(std::move(got.items)))
        got.trouble = passing({errc::unreachable, "the server tells of rooms that nobody asked for"});
    if (!got.trouble)
        return std::nullopt;
    connected_ = false;
    close();
    if (got.trouble->what == verdict::action::give_up)
        return got.trouble->why;
    if (clock::now() >= until)
        return error(errc::timed_out, "no message came in time");
    auto const delay = backoff_.next(random_(), got.trouble->after);
    retry_at_ = clock::now() + delay;
    if (options_.on_retry)
        options_.on_retry(got.trouble->why, delay);
    return std::nullopt;
}

// One step; what it brings is in the inbox.
asio::awaitable<std::optional<error>> subscriber::state::fetch(time_point until) {
    std::optional<error> out = co_await wait_to_retry(until);
    auto const wanted = co_await asio::this_coro::cancellation_state;
    if (!out && wanted.cancelled() == asio::cancellation_type::none) {
        auto got = co_await current().fetch(inbox_->received(), until);
        // Where the call was cancelled, that is the trouble.
        if (!got.trouble || wanted.cancelled() == asio::cancellation_type::none)
            out = take(std::move(got), until);
    }
    if (wanted.cancelled() != asio::cancellation_type::none)
        out = error(errc::cancelled, "cancelled");
    co_return out;
}

asio::awaitable<result<batch>> subscriber::state::next(time_point until) {
    if (wrong_)
        co_return *wrong_;
    for (;;) {
        if (auto found = inbox_->next())
            co_return std::move(*found);
        if (inbox_->take_superseded()) {
            close();
            co_return error(errc::superseded, "a newer subscriber with the same client id took over");
        }
        std::optional<error> const failed = co_await fetch(until);
        if (failed)
            co_return *failed;
    }
}

asio::awaitable<result<void>> subscriber::state::start(time_point until) {
    if (wrong_)
        co_return *wrong_;
    while (!inbox_->received().complete()) {
        std::optional<error> const failed = co_await fetch(until);
        if (failed)
            co_return *failed;
    }
    co_return result<void>();
}

subscriber::subscriber(asio::any_io_executor const& on, std::string const& server, std::vector<std::string> rooms,
                       subscriber_options with)
    : state_(std::make_shared<state>(on, server, std::move(rooms), std::move(with))) {}
subscriber::subscriber(asio::any_io_executor const& on, std::string const& server, std::string room,
                       subscriber_options with)
    : subscriber(on, server, std::vector<std::string>{std::move(room)}, std::move(with)) {}
subscriber::subscriber(subscriber&&) noexcept = default;
subscriber& subscriber::operator=(subscriber&&) noexcept = default;
subscriber::~subscriber() = default;

// A cancellation shows as an exception at whatever was awaited after it.
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
