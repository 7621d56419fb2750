// The output of a child process on one stream, read as it arrives so that the child never blocks on a full pipe.
#pragma once

#include "descriptor.hpp"
#include "timing.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace anteroom::integration {

/// The non-empty lines of a text that are complete.
std::vector<std::string> lines_of(std::string_view text);

class captured_stream {
  public:
    /// Reads from this end of a pipe until the other end is closed everywhere.
    explicit captured_stream(descriptor read_end);

    /// Joins the reader thread, which waits until all writers have closed their end.
    ~captured_stream() = default;

    /// Everything that has been read so far.
    [[nodiscard]] std::string text() const;

    /// Waits until `enough` returns true for the text, the stream ends or the bound passes; returns the last result of
    /// `enough`.
    [[nodiscard]] bool wait_until(std::function<bool(std::string const&)> const& enough, milliseconds bound) const;

    /// Waits for the end of the stream; false when the bound passes first.
    [[nodiscard]] bool wait_for_end(milliseconds bound) const;

  private:
    void read_all();

    descriptor read_end_;
    mutable std::mutex mutex_;
    mutable std::condition_variable grown_;
    std::string text_;
    bool ended_ = false;
    std::jthread reader_;
};

}  // namespace anteroom::integration
