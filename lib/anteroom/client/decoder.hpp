// The bytes of a stream become items, wherever they are cut.
#pragma once

#include <anteroom/client/event.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom::client {

/// Reads a stream as it comes. What is incomplete waits for its rest, and is forgotten with the decoder: the cursor has
/// not moved past it.
class decoder {
  public:
    decoder() = default;
    decoder(decoder const&) = delete;
    decoder& operator=(decoder const&) = delete;
    virtual ~decoder() = default;

    /// Takes more bytes and appends what they complete; false where this is no stream of that kind, or where one
    /// message does not end.
    virtual bool feed(std::string_view bytes, std::vector<item>& into) = 0;

    /// How long the server would like clients to wait before they come again, where it said so.
    virtual std::optional<std::chrono::milliseconds> retry() const { return std::nullopt; }
};

/// One JSON value a line.
class ndjson_decoder final : public decoder {
  public:
    bool feed(std::string_view bytes, std::vector<item>& into) override;

  private:
    std::string line_;  // what came of the line that has not ended
};

/// Server-sent events, as the HTML standard has them.
class sse_decoder final : public decoder {
  public:
    bool feed(std::string_view bytes, std::vector<item>& into) override;
    std::optional<std::chrono::milliseconds> retry() const override { return retry_; }

  private:
    bool take_line(std::string_view line, std::vector<item>& into);
    bool dispatch(std::vector<item>& into);

    std::string line_;
    bool skip_newline_ = false;  // a CR ended the last line, and a LF now is its other half
    bool begun_ = false;
    std::string event_;
    std::string data_;
    bool has_data_ = false;
    std::optional<std::string> id_;
    std::optional<std::chrono::milliseconds> retry_;
};

}  // namespace anteroom::client
