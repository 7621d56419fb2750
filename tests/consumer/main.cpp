// Subscribes to a room, publishes to it, and ends when the message has been delivered.
#include <anteroom/client/publisher.hpp>
#include <anteroom/client/subscriber.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <iostream>
#include <string>

namespace asio = boost::asio;

asio::awaitable<void> talk(std::string server, int& code) {
    auto const here = co_await asio::this_coro::executor;
    auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(30);

    anteroom::client::subscriber messages(here, server, "kitchen");
    auto const started = co_await messages.start(until);
    started.value();

    anteroom::client::publisher out(here, server);
    auto const sent = co_await out.publish("kitchen", "dinner is ready", until);
    std::cout << "published " << sent.value().ids.front() << '\n';

    auto const got = co_await messages.next(until);
    for (auto const& message : got.value().messages)
        std::cout << message.room << ": " << message.data << '\n';
    code = messages.cursor() == sent->ids.front() ? 0 : 1;
}

int main(int argc, char** argv) {
    int code = 2;
    asio::io_context io;
    asio::co_spawn(io, talk(argc > 1 ? argv[1] : "http://127.0.0.1:8080", code), [](std::exception_ptr thrown) {
        if (thrown)
            std::rethrow_exception(thrown);
    });
    try {
        io.run();
    } catch (anteroom::client::failure const& failed) {
        std::cerr << failed.what() << '\n';
    }
    return code;
}
