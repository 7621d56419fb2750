// A second yardstick: the broadcast server that one writes with Boost.Beast's websocket::stream and its examples at
// hand. One thread, one io_context; who connects to a room's WebSocket gets each message that is POSTed to it, as
// anteroom's JSON. No history, no cursors, no deadlines. --deflate compiles in and offers permessage-deflate, as
// Beast's streams do by default; the load generator does not take the offer.
#include "loop_streams.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <fmt/format.h>

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
using error = beast::error_code;
using text = std::shared_ptr<std::string const>;

template <bool deflate>
class reader;

template <bool deflate>
struct room {
    std::set<reader<deflate>*> readers;
    unsigned long published = 0;
};

template <bool deflate>
using rooms = std::map<std::string, room<deflate>, std::less<>>;

// The path between "/room/" and the next slash.
std::string room_name(std::string_view target) {
    target.remove_prefix(std::min<std::size_t>(target.size(), 6));
    return std::string(target.substr(0, target.find('/')));
}

// A WebSocket with what waits to be written to it.
template <bool deflate>
class reader : public std::enable_shared_from_this<reader<deflate>> {
  public:
    reader(tcp::socket socket, room<deflate>& in) : stream_(std::move(socket)), room_(in) {}
    ~reader() { room_.readers.erase(this); }

    void accept(http::request<http::string_body> const& request) {
        stream_.set_option(websocket::stream_base::timeout::suggested(beast::role_type::server));
        if constexpr (deflate) {
            websocket::permessage_deflate offer;
            offer.server_enable = true;
            stream_.set_option(offer);
        }
        stream_.text(true);
        stream_.async_accept(request, [self = this->shared_from_this()](error failed) {
            if (!failed) {
                self->room_.readers.insert(self.get());
                self->read();
            }
        });
    }

    void send(text message) {
        queue_.push_back(std::move(message));
        if (queue_.size() == 1) {
            write();
        }
    }

  private:
    void read() {
        stream_.async_read(buffer_, [self = this->shared_from_this()](error failed, std::size_t) {
            if (!failed) {
                self->buffer_.clear();
                self->read();
            }
        });
    }

    void write() {
        stream_.async_write(asio::buffer(*queue_.front()),
                            [self = this->shared_from_this()](error failed, std::size_t) {
                                if (failed) {
                                    return;
                                }
                                self->queue_.pop_front();
                                if (!self->queue_.empty()) {
                                    self->write();
                                }
                            });
    }

    websocket::stream<beast::tcp_stream, deflate> stream_;
    room<deflate>& room_;
    beast::flat_buffer buffer_;
    std::deque<text> queue_;
};

// An HTTP connection: POSTs, or one upgrade that makes it a reader.
template <bool deflate>
class visitor : public std::enable_shared_from_this<visitor<deflate>> {
  public:
    visitor(tcp::socket socket, rooms<deflate>& all) : stream_(std::move(socket)), rooms_(all) {}

    void read() {
        request_ = {};
        http::async_read(stream_, buffer_, request_, [self = this->shared_from_this()](error failed, std::size_t) {
            if (!failed) {
                self->serve();
            }
        });
    }

  private:
    void serve() {
        auto& in = rooms_[room_name(request_.target())];
        if (websocket::is_upgrade(request_)) {
            std::make_shared<reader<deflate>>(stream_.release_socket(), in)->accept(request_);
            return;
        }
        response_ = {http::status::created, 11};
        response_.set(http::field::content_type, "application/json");
        if (request_.method() == http::verb::post) {
            auto const id = fmt::format("beast0-{}", ++in.published);
            text const message = std::make_shared<std::string>(anteroom::bench::message_json(id, request_.body()));
            for (auto* each : in.readers) {
                each->send(message);
            }
            response_.body() = fmt::format(R"({{"id":"{}","subscribers":{}}})", id, in.readers.size());
        } else {
            response_.result(http::status::method_not_allowed);
        }
        response_.prepare_payload();
        http::async_write(stream_, response_, [self = this->shared_from_this()](error failed, std::size_t) {
            if (!failed) {
                self->read();
            }
        });
    }

    beast::tcp_stream stream_;
    rooms<deflate>& rooms_;
    beast::flat_buffer buffer_;
    http::request<http::string_body> request_;
    http::response<http::string_body> response_;
};

template <bool deflate>
void accept(tcp::acceptor& door, rooms<deflate>& all) {
    door.async_accept([&](error failed, tcp::socket socket) {
        if (!failed) {
            socket.set_option(tcp::no_delay(true), failed);
            std::make_shared<visitor<deflate>>(std::move(socket), all)->read();
        }
        accept(door, all);
    });
}

template <bool deflate>
void run() {
    asio::io_context context(1);
    rooms<deflate> all;
    tcp::acceptor door(context);
    door.open(tcp::v4());
    door.set_option(tcp::acceptor::reuse_address(true));
    door.bind({asio::ip::address_v4::loopback(), 0});
    door.listen(65'535);
    fmt::print("beast listening on http://127.0.0.1:{}/\n", door.local_endpoint().port());
    std::fflush(stdout);
    accept(door, all);
    context.run();
}

}  // namespace

int main(int count, char** arguments) {
    auto const deflate = count == 2 && std::string_view(arguments[1]) == "--deflate";
    if (count > 1 && !deflate) {
        fmt::print(stderr, "usage: anteroom_beast_websocket [--deflate]\n");
        return 2;
    }
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    try {
        deflate ? run<true>() : run<false>();
    } catch (std::exception const& failed) {
        fmt::print(stderr, "beast: {}\n", failed.what());
    }
    return 2;
}
