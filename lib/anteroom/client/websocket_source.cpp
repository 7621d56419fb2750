#include <anteroom/client/final_response_stream.hpp>
#include <anteroom/client/http_client.hpp>
#include <anteroom/client/response.hpp>
#include <anteroom/client/source.hpp>
#include <anteroom/client/subscribe_request.hpp>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>

// Coroutines here are awaited where they are called, by the owner of what they refer to.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace anteroom::client {

namespace {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

constexpr std::size_t max_frame = 256UL << 20U;

class websocket_source final : public source {
  public:
    websocket_source(asio::any_io_executor const& executor, server_url to, subscriber_options options)
        : to_(std::move(to)), options_(std::move(options)), connection_(executor) {}

    asio::awaitable<fetch_result> fetch(subscription_cursor const& from, time_point until) override;
    void close() noexcept override {
        socket_.reset();
        connection_.close();
    }

  private:
    using stream = websocket::stream<final_response_stream, false>;

    asio::awaitable<fetch_result> open(subscription_cursor const& from, time_point until);
    asio::awaitable<fetch_result> read(time_point until);
    outcome describe_end(error_code ec) const;

    server_url to_;
    subscriber_options options_;
    server_connection connection_;
    std::unique_ptr<stream> socket_;
    beast::flat_buffer frame_;
};

response to_response(websocket::response_type const& from) {
    response out;
    out.status = static_cast<int>(from.result_int());
    for (auto const& field : from)
        out.fields.emplace_back(std::string(field.name_string()), std::string(field.value()));
    out.body = from.body();
    return out;
}

asio::awaitable<fetch_result> websocket_source::open(subscription_cursor const& from, time_point until) {
    fetch_result out;
    auto const bound = std::min(until, std::chrono::steady_clock::now() + options_.response_timeout);
    error_code const ec = co_await connection_.connect(to_, bound);
    if (ec) {
        out.failure = retryable({errc::unreachable, describe(to_, ec)});
        co_return out;
    }
    socket_deadline const limit(connection_.timer(), connection_.raw(), bound);
    socket_ = std::make_unique<stream>(connection_.raw());
    // A ping is sent when nothing has arrived for half of this time.
    websocket::stream_base::timeout times{};
    times.handshake_timeout = websocket::stream_base::none();
    times.idle_timeout = options_.idle_timeout;
    times.keep_alive_pings = true;
    socket_->set_option(times);
    socket_->read_message_max(max_frame);
    auto const cursor = from.text();
    auto const add_cursor = [cursor](websocket::request_type& request) {
        if (!cursor.empty())
            request.set("Last-Event-ID", cursor);
    };
    socket_->set_option(websocket::stream_base::decorator(add_cursor));
    auto const target = to_.prefix + subscribe_target(options_, from, std::chrono::milliseconds(-1));
    websocket::response_type handshake;
    auto [failed] = co_await socket_->async_handshake(handshake, to_.authority, target, as_value);
    if (failed == websocket::error::upgrade_declined) {
        out.failure = evaluate(to_response(handshake));
        if (out.failure->what == outcome::action::accept)
            out.failure = outcome{outcome::action::give_up,
                                  {},
                                  error(errc::refused, "the server does not support WebSocket",
                                        static_cast<int>(handshake.result_int()))};
    } else if (failed) {
        out.failure = retryable({errc::unreachable, describe(to_, limit.translate(failed))});
    } else {
        out.connected = true;
    }
    co_return out;
}

outcome websocket_source::describe_end(error_code ec) const {
    if (ec != websocket::error::closed)
        return retryable({errc::unreachable, describe(to_, ec)});
    auto const& reason = socket_->reason();
    // 1008 and 1003: the server objects to something that a retry would repeat.
    if (reason.code == websocket::close_code::policy_error || reason.code == websocket::close_code::unknown_data)
        return {outcome::action::give_up,
                {},
                error(errc::refused, "the server closed the WebSocket: " + std::string(reason.reason.c_str()))};
    return retryable({errc::unreachable, "the server ended the stream"});
}

asio::awaitable<fetch_result> websocket_source::read(time_point until) {
    fetch_result out;
    socket_deadline const limit(connection_.timer(), connection_.raw(), until);
    frame_.clear();
    auto [ec, size] = co_await socket_->async_read(frame_, as_value);
    if (ec) {
        out.failure =
            limit.expired() ? retryable({errc::timed_out, describe(to_, asio::error::timed_out)}) : describe_end(ec);
        co_return out;
    }
    out.connected = true;
    std::string_view const text(static_cast<char const*>(frame_.data().data()), size);
    if (!parse_line(text, out.events))
        out.failure = retryable({errc::unreachable, "the stream is malformed"});
    co_return out;
}

asio::awaitable<fetch_result> websocket_source::fetch(subscription_cursor const& from, time_point until) {
    fetch_result out;
    if (socket_)
        out = co_await read(until);
    else
        out = co_await open(from, until);
    if (out.failure)
        close();
    co_return out;
}

}  // namespace

std::unique_ptr<source> make_websocket_source(asio::any_io_executor const& executor, server_url const& to,
                                              subscriber_options const& options) {
    return std::make_unique<websocket_source>(executor, to, options);
}

}  // namespace anteroom::client
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
