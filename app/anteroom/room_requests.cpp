#include "room_requests.hpp"

#include <anteroom/base/text.hpp>
#include <anteroom/client/event.hpp>
#include <anteroom/client/http_client.hpp>
#include <anteroom/client/json_reader.hpp>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <chrono>

namespace anteroom {

namespace {

namespace asio = boost::asio;

asio::awaitable<std::optional<std::string>> get(client::server_url from, std::string target) {
    auto const executor = co_await asio::this_coro::executor;
    client::http_client http(executor, std::move(from));
    client::request request;
    request.target = std::move(target);
    auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    auto got = co_await http.exchange(request, until);
    if (!got || got->status != 200)
        co_return std::nullopt;
    co_return std::move(got->body);
}

}  // namespace

asio::awaitable<std::vector<client::message>> newest_messages(client::server_url from, std::string room,
                                                              std::size_t most) {
    auto target = fmt::format("/room/{}/messages?limit={}", percent_encode(room), most);
    auto const body = co_await get(std::move(from), std::move(target));
    std::vector<client::message> out;
    if (!body)
        co_return out;
    client::json_reader reader(*body);
    reader.enter('{');
    while (reader.next()) {
        if (reader.name() != "messages")
            continue;
        client::json_reader messages(reader.value());
        messages.enter('[');
        while (messages.next()) {
            client::message each;
            if (client::parse_message(messages.value(), each))
                out.push_back(std::move(each));
        }
    }
    co_return out;
}

asio::awaitable<std::optional<std::string>> presence_list(client::server_url from, std::string room) {
    auto target = fmt::format("/room/{}/presence", percent_encode(room));
    auto got = co_await get(std::move(from), std::move(target));
    co_return got;
}

}  // namespace anteroom
