// Decodes the bytes of a stream into events, wherever the bytes are split.
#pragma once

#include <anteroom/client/event.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom::client {

/// Decodes a stream incrementally. An incomplete event is buffered until the rest arrives, and discarded with the
/// decoder: the cursor has not moved past it.
class decoder {
  public:
    decoder() = default;
    decoder(decoder const&) = delete;
    decoder& operator=(decoder const&) = delete;
    virtual ~decoder() = default;

    /// Consumes more bytes and appends the events that they complete; false if this is not a stream of that kind, or if
    /// an event exceeds the size limit.
    virtual bool feed(std::string_view bytes, std::vector<event>& into) = 0;

    /// The reconnection delay that the server has asked for, if any.
    virtual std::optional<std::chrono::milliseconds> retry() const { return std::nullopt; }
};

/// One JSON value per line.
class ndjson_decoder final : public decoder {
  public:
    bool feed(std::string_view bytes, std::vector<event>& into) override;

  private:
    std::string line_;  // the incomplete line
};

/// Server-sent events, as specified by the HTML standard.
class sse_decoder final : public decoder {
  public:
    bool feed(std::string_view bytes, std::vector<event>& into) override;
    std::optional<std::chrono::milliseconds> retry() const override { return retry_; }

  private:
    bool process_line(std::string_view line, std::vector<event>& into);
    bool dispatch(std::vector<event>& into);

    std::string line_;
    bool skip_newline_ = false;  // the last line ended with CR, so an LF now belongs to that line end
    bool begun_ = false;
    std::string event_;
    std::string data_;
    bool has_data_ = false;
    std::optional<std::string> id_;
    std::optional<std::chrono::milliseconds> retry_;
};

}  // namespace anteroom::client
