// A client of one room over one connection.
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
    /// `room` as it is written in a target, percent-encoded if necessary.
    room_client(endpoint const& where, std::string room) : http_{where}, room_{std::move(room)} {}

    [[nodiscard]] std::string target(std::string_view call = "") const { return "/room/" + room_ + std::string{call}; }

    /// Publishes text and returns the message's id; throws harness_error unless the response is 201.
    std::string publish(std::string_view text);

    /// The same, but returns the whole receipt.
    boost::json::object publish_for_receipt(std::string_view text);

    /// Sends a poll (`query` such as "after=0&wait=5") without waiting for the response.
    void start_poll(std::string_view query = "", header_list headers = {{"Accept", json_type}});
    poll_response finish_poll(milliseconds bound = default_timeout) {
        return parse_poll_response(http_.receive(bound));
    }

    /// Sends a JSON poll and receives its response.
    poll_response poll(std::string_view query = "");

    /// Sends a raw poll and receives its response.
    response poll_raw(std::string_view query = "", header_list headers = {});

    /// The cursor after the newest message of the room.
    std::string cursor() { return poll("wait=0").next; }

    room_facts facts();

    http_client& http() { return http_; }

  private:
    http_client http_;
    std::string room_;
};

/// Waits until this many subscribers wait in the room; throws harness_error if they do not in time.
void await_subscribers(endpoint const& where, std::string const& room, std::uint64_t count,
                       milliseconds bound = default_timeout);

}  // namespace anteroom::integration
