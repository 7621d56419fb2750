#include <anteroom/client/response.hpp>
#include <anteroom/client/http_client.hpp>
#include <anteroom/client/source.hpp>
#include <anteroom/client/subscribe_request.hpp>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>

namespace anteroom::client {

namespace {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

constexpr std::size_t max_frame = 256UL << 20U;

class websocket_source final : public source {
  public:
    websocket_source(asio::any_io_executor const& on, server_url to, subscriber_options with)
        : to_(std::move(to)), options_(std::move(with)), connection_(on) {}

    asio::awaitable<fetched> fetch(places const& from, time_point until) override;
    void close() noexcept override {
        socket_.reset();
        connection_.close();
    }

  private:
    using stream = websocket::stream<connection::socket&, false>;

    asio::awaitable<fetched> open(places const& from, time_point until);
    asio::awaitable<fetched> read(time_point until);
    verdict explain_end(error_code ec) const;

    server_url to_;
    subscriber_options options_;
    connection connection_;
    std::unique_ptr<stream> socket_;
    beast::flat_buffer frame_;
};

answer plain(websocket::response_type const& from) {
    answer out;
    out.status = static_cast<int>(from.result_int());
    for (auto const& field : from)
        out.fields.emplace_back(std::string(field.name_string()), std::string(field.value()));
    out.body = from.body();
    return out;
}

asio::awaitable<fetched> websocket_source::open(places const& from, time_point until) {
    fetched out;
    auto const bound = std::min(until, std::chrono::steady_clock::now() + options_.patience);
    error_code const ec = co_await connection_.connect(to_, bound);
    if (ec) {
        out.trouble = passing({errc::unreachable, explain(to_, ec)});
        co_return out;
    }
    alarm const limit(connection_.timer(), connection_.raw(), bound);
    socket_ = std::make_unique<stream>(connection_.raw());
    // Pings go out when nothing came for half of this.
    websocket::stream_base::timeout times{};
    times.handshake_timeout = websocket::stream_base::none();
    times.idle_timeout = options_.silence;
    times.keep_alive_pings = true;
    socket_->set_option(times);
    socket_->read_message_max(max_frame);
    auto const cursor = from.cursor();
    auto const add_cursor = [cursor](websocket::request_type& asked) {
        if (!cursor.empty())
            asked.set("Last-Event-ID", cursor);
    };
    socket_->set_option(websocket::stream_base::decorator(add_cursor));
    auto const target = to_.prefix + subscribe_target(options_, from, std::chrono::milliseconds(-1));
    websocket::response_type said;
    auto [failed] = co_await socket_->async_handshake(said, to_.authority, target, as_value);
    if (failed == websocket::error::upgrade_declined) {
        out.trouble = judge(plain(said));
        if (out.trouble->what == verdict::action::take)
            out.trouble = verdict{
                verdict::action::give_up,
                {},
                error(errc::refused, "the server does not speak WebSocket", static_cast<int>(said.result_int()))};
    } else if (failed) {
        out.trouble = passing({errc::unreachable, explain(to_, limit.explain(failed))});
    } else {
        out.alive = true;
    }
    co_return out;
}

verdict websocket_source::explain_end(error_code ec) const {
    if (ec != websocket::error::closed)
        return passing({errc::unreachable, explain(to_, ec)});
    auto const& reason = socket_->reason();
    // 1008 and 1003: we did something that we shall do again.
    if (reason.code == websocket::close_code::policy_error || reason.code == websocket::close_code::unknown_data)
        return {verdict::action::give_up,
                {},
                error(errc::refused, "the server closed the WebSocket: " + std::string(reason.reason.c_str()))};
    return passing({errc::unreachable, "the server ended the stream"});
}

asio::awaitable<fetched> websocket_source::read(time_point until) {
    fetched out;
    alarm const limit(connection_.timer(), connection_.raw(), until);
    frame_.clear();
    auto [ec, size] = co_await socket_->async_read(frame_, as_value);
    if (ec) {
        out.trouble =
            limit.fired() ? passing({errc::timed_out, explain(to_, asio::error::timed_out)}) : explain_end(ec);
        co_return out;
    }
    out.alive = true;
    std::string_view const text(static_cast<char const*>(frame_.data().data()), size);
    if (!read_line(text, out.items))
        out.trouble = passing({errc::unreachable, "the stream is broken"});
    co_return out;
}

asio::awaitable<fetched> websocket_source::fetch(places const& from, time_point until) {
    fetched out;
    if (socket_)
        out = co_await read(until);
    else
        out = co_await open(from, until);
    if (out.trouble)
        close();
    co_return out;
}

}  // namespace

std::unique_ptr<source> make_websocket_source(asio::any_io_executor const& on, server_url const& to,
                                              subscriber_options const& with) {
    return std::make_unique<websocket_source>(on, to, with);
}

}  // namespace anteroom::client
