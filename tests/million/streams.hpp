// In-memory streams: descriptors behind which there is no kernel, so that a process may have a million of them.
#pragma once

#include <sys/epoll.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace anteroom::million {

/// Who is at the other end of streams.
class far_end {
  public:
    /// The server has written: all that one system call carried, good during the call. May give input, to be told
    /// later.
    virtual void wrote(int stream, std::string_view bytes) = 0;
    /// The server has closed a stream that this end had not.
    virtual void closed(int /*stream*/) noexcept {}

  protected:
    ~far_end() = default;
};

/// All streams of the process. The functions that a server calls for descriptors (system_calls.cpp) come here with
/// those that are streams, and to the kernel with all others. A stream takes what is written to it at once and whole,
/// and keeps no bytes: it hands on what the server writes, and has the server read the text that its far end gave. One
/// thread, one epoll set, edge-triggered; each number is used once.
class streams {
  public:
    /// Makes the memory for so many, all of it touched, so that none is taken later.
    explicit streams(std::size_t most);
    ~streams();
    streams(streams const&) = delete;
    streams& operator=(streams const&) = delete;

    // For the far ends.

    /// A connected stream.
    int open(far_end& peer);
    /// Whether the server has it open: it may close a connection that is idle for too long.
    bool is_open(int number) noexcept { return at(number).watcher != nullptr; }
    /// Has the server read a text, which must last until then, and the one before must have been read. Throws where the
    /// server has closed the stream.
    void give(int stream, std::string_view text);
    void hang_up(int stream);
    /// How many the server has not closed.
    std::size_t count() const noexcept { return open_; }

    // For the system calls.

    /// The streams, if a descriptor is one of them.
    static streams* having(int descriptor) noexcept;
    /// The streams, if a set watches any of them.
    static streams* watched_by(int epoll_set) noexcept;
    ssize_t read(int stream, std::span<char> into) noexcept;
    ssize_t write(int stream, std::string_view bytes);
    int close(int stream) noexcept;
    int watch(int epoll_set, int stream, epoll_event const& as) noexcept;
    int ready(std::span<epoll_event> out) noexcept;

  private:
    static constexpr int first = 1 << 24;  // far above any descriptor of the kernel's
    static constexpr std::uint32_t nobody = UINT32_MAX;

    struct stream {
        far_end* peer = nullptr;
        char const* input = nullptr;
        void* watcher = nullptr;  // nobody: not watched any more
        std::uint32_t input_size = 0;
        std::uint32_t next = nobody;  // in the queue of those that have something to tell
        bool queued = false;
        bool hung_up = false;
    };

    stream& at(int number) noexcept { return all_[static_cast<std::size_t>(number - first)]; }
    void queue(stream& what) noexcept;

    std::vector<stream> all_;
    std::size_t used_ = 0;
    std::size_t open_ = 0;
    std::uint32_t front_ = nobody;
    std::uint32_t back_ = nobody;
    int set_ = -1;
    int bell_ = -1;  // an eventfd in the set, readable while the queue is not empty: what waits for the set is real
};

}  // namespace anteroom::million
