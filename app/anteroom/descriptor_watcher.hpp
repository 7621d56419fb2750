// Threads that watch descriptors which an event loop cannot or must not watch: terminals, pipes and files that are
// shared with other programs, so that their flags must not change.
#pragma once

#include <functional>
#include <string>
#include <thread>

namespace anteroom {

/// Waits for a descriptor on a thread of its own, until it is stopped.
class descriptor_watcher {
  public:
    descriptor_watcher(descriptor_watcher const&) = delete;
    descriptor_watcher& operator=(descriptor_watcher const&) = delete;

  protected:
    descriptor_watcher();
    ~descriptor_watcher();

    /// Stops and joins the thread. Call it in the destructor of the class whose members the thread uses.
    void stop();

    /// Waits until a descriptor is ready for `events` or has failed; false if stopped.
    bool wait(int descriptor, short events) const;

    std::thread thread_;

  private:
    int stop_ = -1;
};

/// Reads lines from a descriptor.
class line_reader : descriptor_watcher {
  public:
    /// Calls `line` with every line, without its line end, and `end` after the last, on the watcher's thread.
    line_reader(int descriptor, std::function<void(std::string)> line, std::function<void()> end);
    ~line_reader() { stop(); }

  private:
    void read(int descriptor);

    std::function<void(std::string)> line_;
    std::function<void()> end_;
};

/// Detects that a pipe has lost its reader.
class hangup_watcher : descriptor_watcher {
  public:
    /// Calls `gone` once, on the watcher's thread.
    hangup_watcher(int descriptor, std::function<void()> gone);
    ~hangup_watcher() { stop(); }
};

}  // namespace anteroom
