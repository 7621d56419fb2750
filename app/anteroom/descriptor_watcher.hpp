// A thread that watches descriptors which an event loop cannot, or must not, watch: terminals, pipes and files that are
// shared with other programs and have to stay as they are.
#pragma once

#include <functional>
#include <string>
#include <thread>

namespace anteroom {

/// Something that waits on a thread of its own, until it is told to stop.
class watching_thread {
  public:
    watching_thread(watching_thread const&) = delete;
    watching_thread& operator=(watching_thread const&) = delete;

  protected:
    watching_thread();
    ~watching_thread();

    /// Ends the thread; from the destructor of whatever the thread uses.
    void stop();

    /// Waits until a descriptor is ready for `events` or has failed; false when it is time to stop.
    bool wait(int descriptor, short events) const;

    std::thread thread_;

  private:
    int stop_ = -1;
};

/// Reads lines from a descriptor.
class input_lines : watching_thread {
  public:
    /// Calls `line` with every line, without its end, and `end` after the last, on the thread of its own.
    input_lines(int descriptor, std::function<void(std::string)> line, std::function<void()> end);
    ~input_lines() { stop(); }

  private:
    void read(int descriptor);

    std::function<void(std::string)> line_;
    std::function<void()> end_;
};

/// Notices when nobody reads a pipe any more.
class reader_watch : watching_thread {
  public:
    /// Calls `gone` once, on the thread of its own.
    reader_watch(int descriptor, std::function<void()> gone);
    ~reader_watch() { stop(); }
};

}  // namespace anteroom
