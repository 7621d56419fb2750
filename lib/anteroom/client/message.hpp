// What a subscriber receives: messages, and gaps where messages are no longer available.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace anteroom::client {

/// The type of a message's data.
enum class content { text, json };

struct message {
    std::string room;
    std::string id;         ///< the cursor just after the message, in its room
    std::int64_t time = 0;  ///< milliseconds since the Unix epoch, by the server's clock
    std::string from;       ///< the name that the publisher gave; empty if none
    std::string data;       ///< the text, or the JSON as it was published (except for white space)
    content kind =
        content::text;  ///< a JSON message that is a string arrives as text: the wire format does not tell them apart
};

/// Messages that were published and are no longer available.
struct gap {
    std::string room;
    std::string reason;                   ///< `evicted`, `restarted` or `deleted`
    std::optional<std::uint64_t> missed;  ///< how many, if that is known
};

/// The result of next(): at least one gap or message. The gaps precede the messages.
struct batch {
    std::vector<gap> gaps;
    std::vector<message> messages;
    std::string cursor;  ///< the position after all of it
};

}  // namespace anteroom::client
