#include "room_client.hpp"

#include "harness_error.hpp"

#include <boost/json/value_to.hpp>
#include <fmt/format.h>

namespace anteroom::integration {
namespace {

std::string text_or_empty(boost::json::value const& value) {
    return value.is_string() ? boost::json::value_to<std::string>(value) : std::string{};
}

}  // namespace

room_facts parse_facts(boost::json::object const& facts) {
    return {.room = boost::json::value_to<std::string>(facts.at("room")),
            .messages = facts.at("messages").to_number<std::uint64_t>(),
            .bytes = facts.at("bytes").to_number<std::uint64_t>(),
            .first = text_or_empty(facts.at("first")),
            .last = text_or_empty(facts.at("last")),
            .subscribers = facts.at("subscribers").to_number<std::uint64_t>()};
}

boost::json::object room_client::publish_for_receipt(std::string_view text) {
    auto const answer = http_.exchange(post(target("/publish"), std::string{text}));
    if (answer.status != 201) {
        throw harness_error{"not published: " + answer.text()};
    }
    return answer.json();
}

std::string room_client::publish(std::string_view text) {
    return boost::json::value_to<std::string>(publish_for_receipt(text).at("id"));
}

void room_client::start_poll(std::string_view query, header_list headers) {
    http_.send(get(target("/subscribe") + (query.empty() ? "" : "?") + std::string{query}, std::move(headers)));
}

poll_response room_client::poll(std::string_view query) {
    start_poll(query);
    return finish_poll();
}

response room_client::poll_raw(std::string_view query, header_list headers) {
    start_poll(query, std::move(headers));
    return http_.receive();
}

room_facts room_client::facts() {
    auto const answer = http_.exchange(get(target(), {{"Accept", json_type}}));
    if (answer.status != 200) {
        throw harness_error{"no facts: " + answer.text()};
    }
    return parse_facts(answer.json());
}

void await_subscribers(endpoint const& where, std::string const& room, std::uint64_t count, milliseconds bound) {
    room_client client{where, room};
    std::uint64_t seen = 0;
    auto const reached = eventually([&] { return (seen = client.facts().subscribers) == count; }, bound);
    if (!reached) {
        throw harness_error{fmt::format("{} subscribers wait in {}, not {}", seen, room, count)};
    }
}

}  // namespace anteroom::integration
