// What a subscriber receives: messages, and gaps where there are messages that it cannot have any more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace anteroom::client {

/// What a message's data is.
enum class content { text, json };

struct message {
    std::string room;
    std::string id;                ///< the cursor just after the message, in its room
    std::int64_t time = 0;         ///< milliseconds since the Unix epoch, by the server's clock
    std::string from;              ///< whom the publisher named; empty where nobody
    std::string data;              ///< the text, or the JSON as it was published (but for white space)
    content kind = content::text;  ///< a JSON message that is one string is text: the wire does not tell them apart
};

/// Messages that were published and cannot be had any more.
struct gap {
    std::string room;
    std::string reason;                   ///< `evicted`, `restarted` or `deleted`
    std::optional<std::uint64_t> missed;  ///< how many, where that can be known
};

/// What next() gives: at least one gap or message. The gaps come before the messages.
struct batch {
    std::vector<gap> gaps;
    std::vector<message> messages;
    std::string cursor;  ///< the place after all of it
};

}  // namespace anteroom::client
