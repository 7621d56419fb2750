// An HTTP answer as it comes in, and what it means for the one who asked.
#pragma once

#include <anteroom/client/error.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anteroom::client {

struct answer {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;

    /// The value of a field, its name in any case; empty where it is not there.
    std::string_view field(std::string_view name) const noexcept;
};

/// Reads one answer from bytes, however they are cut. No I/O.
class answer_parser {
  public:
    answer_parser();
    ~answer_parser();
    answer_parser(answer_parser&&) noexcept;
    answer_parser& operator=(answer_parser&&) noexcept;

    /// Takes bytes from the front of `bytes` and leaves what it cannot use yet, or what comes after the answer. False
    /// where this is not HTTP.
    bool feed(std::string& bytes);

    /// The connection ended; false where the answer is not complete with that.
    bool feed_end();

    bool has_head() const;
    bool complete() const;

    /// Whether the connection can be used again; once complete.
    bool keep_alive() const;

    /// What has been read of the answer. The body grows; whoever takes from it as it comes clears it.
    answer& got();

  private:
    struct state;
    std::unique_ptr<state> state_;
};

/// What to do about an answer.
struct verdict {
    enum class action { take, again, give_up };
    action what = action::take;
    std::chrono::milliseconds after{};  ///< the least wait before trying again
    error why;
};

/// Judges by status: 2xx is taken, what may pass by itself is tried again, anything else is the caller's mistake.
verdict judge(answer const& of);

/// Reads Retry-After in seconds, an hour at most; nothing where it says nothing.
std::chrono::milliseconds retry_after(answer const& of) noexcept;

}  // namespace anteroom::client
