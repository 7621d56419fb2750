// A client that speaks to one room over one connection.
#pragma once

#include "http_client.hpp"
#include "poll_response.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace anteroom::integration {

inline constexpr auto json_type = "application/json";

struct room_facts {
    std::string room;
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::string first;  ///< empty unless it is a string
    std::string last;
    std::uint64_t subscribers = 0;
};

room_facts parse_facts(boost::json::object const& facts);

class room_client {
  public:
    /// `room` as it stands in a target, percent-encoded where it needs to be.
    room_client(endpoint const& where, std::string room) : http_{where}, room_{std::move(room)} {}

    [[nodiscard]] std::string target(std::string_view call = "") const { return "/room/" + room_ + std::string{call}; }

    /// Publishes text and returns the message's id; throws harness_error unless it is answered 201.
    std::string publish(std::string_view text);

    /// The same, with everything that the 201 says.
    boost::json::object publish_for_receipt(std::string_view text);

    /// Sends a poll (`query` like "after=0&wait=5") and does not wait for the answer.
    void start_poll(std::string_view query = "", header_list headers = {{"Accept", json_type}});
    poll_answer finish_poll(milliseconds bound = patience) { return parse_poll_answer(http_.receive(bound)); }

    /// A JSON poll from its request to its answer.
    poll_answer poll(std::string_view query = "");

    /// A raw poll from its request to its answer.
    response poll_raw(std::string_view query = "", header_list headers = {});

    /// The cursor of the room's end.
    std::string cursor() { return poll("wait=0").next; }

    room_facts facts();

    http_client& http() { return http_; }

  private:
    http_client http_;
    std::string room_;
};

/// Waits until this many subscribers wait in the room; throws harness_error when that does not come about in time.
void await_subscribers(endpoint const& where, std::string const& room, std::uint64_t count,
                       milliseconds bound = patience);

}  // namespace anteroom::integration
