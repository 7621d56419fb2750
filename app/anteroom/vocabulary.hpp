// The JSON messages that pages exchange beside text, as web/app/model/vocabulary.js has them: replies, reactions,
// typing and new names. Whatever has another form is a JSON value like any other.
#pragma once

#include <anteroom/client/message.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace anteroom {

struct meaning {
    enum class kind { content, reply, reaction, renamed, typing };

    kind what = kind::content;
    std::string to;           ///< reply, reaction: the id of the message that it is to
    std::string text;         ///< reply: what is said
    std::string quoted_from;  ///< reply: who said what is quoted; empty if that was nobody by name
    std::string quoted;       ///< reply: the quote, on one line
    std::string emoji;        ///< reaction
    bool is_removed = false;  ///< reaction: it is taken back
    std::string was;          ///< renamed: the name until now
};

meaning meaning_of(client::message const& of);

/// The data of a message that says that its author was called so until now.
std::string renamed_data(std::string_view was);

/// Text on one line, without white space around it, of at most so many characters.
std::string one_line(std::string_view text, std::size_t most = 120);

}  // namespace anteroom
