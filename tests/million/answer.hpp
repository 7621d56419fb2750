// What a client reads in the server's answers.
#pragma once

#include <optional>
#include <string_view>

namespace anteroom::million {

struct answer {
    unsigned status = 0;
    std::string_view body;
    std::string_view cursor;  // Last-Event-ID
};

/// Takes an answer apart; nothing where it is not exactly one whole answer with a Content-Length.
std::optional<answer> read_answer(std::string_view bytes) noexcept;

}  // namespace anteroom::million
