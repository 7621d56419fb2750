// What a client sends over a WebSocket to publish, and what it is answered: `{"data":…,"key":…,"room":…}`.
#pragma once

#include <anteroom/handlers/publishing.hpp>
#include <anteroom/handlers/subscription.hpp>

#include <string>
#include <string_view>

namespace anteroom {

/// A frame, read: what to publish, or what is wrong with it.
struct publish_frame {
    std::string key;  // as JSON, or empty
    parsed<to_publish> what;
};

/// Reads a frame; `of` says which rooms the socket follows, and as whom. Pure.
publish_frame read_publish_frame(std::string_view text, subscription const& of);

/// The answer to a frame with that key (as JSON, or empty): `{"ack":{…}}` or `{"error":{…}}`.
std::string answer_to_frame(std::string_view key, published const& done);

}  // namespace anteroom
