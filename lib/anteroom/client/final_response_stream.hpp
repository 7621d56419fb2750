// A socket whose first response is the final one, for a reader that knows no others.
#pragma once

#include <anteroom/client/server_connection.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace anteroom::client {

/// An AsyncReadStream and AsyncWriteStream over a socket that hides interim responses (RFC 9110, 15.2: 1xx but 101) in
/// front of the first other one, which Beast's WebSocket handshake takes the first response for. The socket must
/// outlive it.
class final_response_stream {
  public:
    using socket = server_connection::socket;
    using executor_type = socket::executor_type;

    using next_layer_type = socket;

    explicit final_response_stream(socket& over) noexcept : socket_(over) {}

    /// For Beast, which closes the lowest layer at a time-out.
    socket& next_layer() noexcept { return socket_; }
    socket const& next_layer() const noexcept { return socket_; }

    executor_type get_executor() noexcept { return socket_.get_executor(); }

    template <class MutableBuffers, class CompletionToken>
    auto async_read_some(MutableBuffers const& into, CompletionToken&& token) {
        return asio::async_compose<CompletionToken, void(error_code, std::size_t)>(
            read_operation<MutableBuffers>{*this, into}, token, socket_);
    }
    template <class ConstBuffers, class CompletionToken>
    auto async_write_some(ConstBuffers const& from, CompletionToken&& token) {
        return socket_.async_write_some(from, std::forward<CompletionToken>(token));
    }

    friend void teardown(boost::beast::role_type role, final_response_stream& of, error_code& ec) {
        using boost::beast::websocket::teardown;
        teardown(role, of.socket_, ec);
    }
    template <class Handler>
    friend void async_teardown(boost::beast::role_type role, final_response_stream& of, Handler&& handler) {
        using boost::beast::websocket::async_teardown;
        async_teardown(role, of.socket_, std::forward<Handler>(handler));
    }

  private:
    static constexpr std::size_t most_before = std::size_t{64} * 1024;

    template <class MutableBuffers>
    struct read_operation {
        final_response_stream& of;
        MutableBuffers into;
        enum class step { begin, direct, head, deliver } at = step::begin;

        template <class Self>
        void operator()(Self& self, error_code ec = {}, std::size_t size = 0) {
            if (at == step::direct) {
                self.complete(ec, size);
                return;
            }
            if (at == step::head) {
                if (ec) {
                    self.complete(ec, 0);
                    return;
                }
                of.received_.resize(of.received_before_ + size);
                of.skip_interim();
            }
            if (!of.is_final_) {
                at = step::head;
                of.received_before_ = of.received_.size();
                of.received_.resize(of.received_before_ + 4096);
                auto const space = asio::buffer(of.received_) + of.received_before_;
                of.socket_.async_read_some(space, std::move(self));
            } else if (of.received_.empty()) {
                at = step::direct;
                of.socket_.async_read_some(into, std::move(self));
            } else if (at == step::begin) {  // an operation never completes from within the call that starts it
                at = step::deliver;
                asio::post(of.socket_.get_executor(), std::move(self));
            } else {
                auto const copied = asio::buffer_copy(into, asio::buffer(of.received_));
                of.received_.erase(0, copied);
                self.complete({}, copied);
            }
        }
    };

    /// Drops whole interim responses, and decides whether what follows is the final one.
    void skip_interim() {
        constexpr std::string_view before_status = "HTTP/1.1 ";
        for (;;) {
            std::string_view const text(received_);
            // `1` alone may become 101.
            bool const may_be_interim =
                text.size() <= before_status.size() ||
                (text[before_status.size()] == '1' && !text.substr(before_status.size()).starts_with("101"));
            auto const end = text.find("\r\n\r\n");
            if (!may_be_interim || text.size() > most_before) {
                is_final_ = true;
                return;
            }
            if (end == text.npos)
                return;
            received_.erase(0, end + 4);
        }
    }

    socket& socket_;
    std::string received_;
    std::size_t received_before_ = 0;
    bool is_final_ = false;
};

}  // namespace anteroom::client
