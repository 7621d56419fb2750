// The frame that a client sends over a WebSocket to publish, `{"data":…,"key":…,"room":…}`, and its acknowledgement.
#pragma once

#include <anteroom/handlers/publishing.hpp>
#include <anteroom/handlers/subscription.hpp>

#include <string>
#include <string_view>

namespace anteroom {

/// A parsed frame: what to publish, or an error.
struct publish_frame {
    std::string key;         // as JSON, or empty
    bool is_object = false;  // otherwise there is nothing in it that could be a message
    parsed<to_publish> what;
};

/// Parses a frame, JSON as RFC 8259 has it: names may be written with escapes; of members with the same name the last
/// one counts. `of` has the rooms that the socket subscribes to, and its name. Pure function.
publish_frame read_publish_frame(std::string_view text, subscription const& of);

/// The response to a frame with that key (as JSON, or empty): `{"ack":{…}}` or `{"error":{…}}`.
std::string answer_to_frame(std::string_view key, published const& done);

}  // namespace anteroom
