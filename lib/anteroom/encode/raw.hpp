// The raw form: a message's bytes as they were published, described in header fields.
#pragma once

#include <anteroom/room/history.hpp>

#include <string>
#include <string_view>

namespace anteroom::encode {

/// The media type under which a message is answered in the raw form.
std::string_view media_type(content kind) noexcept;

/// The end of the head of an answer that carries the message: its own fields and the empty line; the message's data
/// follows. Made once a message.
std::string_view raw_head(message const& of);

/// The same for a reader of several rooms: with the message's room, and the cursor to go on from in all of them.
std::string raw_head_in(message const& of, std::string_view room, std::string_view next);

/// A value of the `Gap` field: `evicted;missed=17`, with `;room=…` (percent-encoded) where a room is given.
std::string gap_field(gap const& of, std::string_view room = {});

}  // namespace anteroom::encode
