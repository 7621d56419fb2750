// The responses of JSON long polls and of the history, parsed strictly, and the parts of a cursor.
#pragma once

#include "response.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom::integration {

struct message {
    std::string id;
    std::int64_t time = 0;
    std::optional<std::string> from;
    boost::json::value data;
    std::optional<std::string> room = std::nullopt;  ///< set if several rooms are subscribed to
};

struct gap {
    std::string reason;
    std::optional<std::uint64_t> missed;
    std::string room = {};  ///< as written; in a raw response only for several rooms

    /// Compares reason and number; the room is not compared.
    friend bool operator==(gap const& a, gap const& b) { return a.reason == b.reason && a.missed == b.missed; }
};

struct poll_response {
    std::vector<message> messages;
    std::string next;
    std::vector<gap> gaps;
    bool draining = false;
    bool superseded = false;

    /// The data of the messages, which must be text.
    [[nodiscard]] std::vector<std::string> texts() const;
};

/// Parses the response to a JSON long poll; throws harness_error if it is not 200 or not as the protocol specifies.
poll_response parse_poll_response(response const& answer);

/// Parses one message, which may only have the members that the protocol specifies.
message parse_message(boost::json::object const& object);

/// Parses a gap.
gap parse_gap(boost::json::object const& object);

/// Parses the `messages` of a response to a poll or of the history.
std::vector<message> parse_messages(boost::json::object const& answer);

/// The gap in the header of a raw response; nullopt if there is none.
std::optional<gap> parse_gap_header(response const& answer);

/// All gaps in the header of a raw response for several rooms.
std::vector<gap> parse_gap_headers(response const& answer);

std::string epoch_of(std::string_view cursor);
std::uint64_t number_of(std::string_view cursor);

}  // namespace anteroom::integration
