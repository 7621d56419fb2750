// The raw form: a message's bytes as they were published, with its metadata in header fields.
#pragma once

#include <anteroom/room/history.hpp>

#include <string>
#include <string_view>

namespace anteroom::encode {

/// The media type of a message in the raw form.
std::string_view media_type(content kind) noexcept;

/// The end of the head of a response that carries the message: the fields of the message and the empty line; its data
/// follows. Encoded once per message.
std::string_view raw_head(message const& of);

/// The same for a subscription to several rooms: with the message's room, and the cursor to resume from in all of them.
std::string raw_head_in(message const& of, std::string_view room, std::string_view next);

/// The value of the `Gap` field: `evicted;missed=17`, with `;room=…` (percent-encoded) if a room is given.
std::string gap_field(gap const& of, std::string_view room = {});

}  // namespace anteroom::encode
