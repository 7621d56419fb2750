// What a poller reports of a socket, and to whom.
#pragma once

namespace anteroom::net {

/// What may have changed on a socket since the last report.
struct readiness {
    bool readable = false;
    bool writable = false;
    bool hung_up = false;  // the peer has closed its side, or the connection is broken; input may be left to read
};

/// Receives the reports of one socket, on the thread of its poller. Leaves the poller before it is destroyed.
class readiness_watcher {
  public:
    virtual void ready(readiness what) = 0;
    /// ready() is about to be called: what it will use, beside the object itself, may be prefetched.
    virtual void ready_soon() const noexcept {}

  protected:
    ~readiness_watcher() = default;
};

}  // namespace anteroom::net
