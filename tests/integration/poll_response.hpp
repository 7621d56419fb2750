// What a JSON long poll or the history answers, read strictly, and the parts of a cursor.
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
    std::optional<std::string> room = std::nullopt;  ///< where several rooms are subscribed
};

struct gap {
    std::string reason;
    std::optional<std::uint64_t> missed;
    std::string room = {};  ///< as written; a raw answer names it in the form of several rooms only

    /// Whether they tell the same; where is a question of its own.
    friend bool operator==(gap const& a, gap const& b) { return a.reason == b.reason && a.missed == b.missed; }
};

struct poll_answer {
    std::vector<message> messages;
    std::string next;
    std::vector<gap> gaps;
    bool draining = false;
    bool superseded = false;

    /// The data of the messages, which must be text.
    [[nodiscard]] std::vector<std::string> texts() const;
};

/// Reads the answer of a JSON long poll; throws harness_error when it is not 200 or breaks the contract's form.
poll_answer parse_poll_answer(response const& answer);

/// Reads one message, in whose form nothing but what the contract names may stand.
message parse_message(boost::json::object const& object);

/// Reads what tells of a gap.
gap parse_gap(boost::json::object const& object);

/// Reads the `messages` of an answer, of a poll or of the history.
std::vector<message> parse_messages(boost::json::object const& answer);

/// The gap that a raw answer tells of in its header, nothing where it tells of none.
std::optional<gap> parse_gap_header(response const& answer);

/// All of them, of an answer in several rooms.
std::vector<gap> parse_gap_headers(response const& answer);

std::string epoch_of(std::string_view cursor);
std::uint64_t number_of(std::string_view cursor);

}  // namespace anteroom::integration
