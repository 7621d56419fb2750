// The readiness of a socket as a poller reports it, and the interface that receives the reports.
#pragma once

namespace anteroom::net {

/// What may have changed on a socket since the last report.
struct readiness {
    bool readable = false;
    bool writable = false;
    bool hung_up = false;  // the peer has closed its side, or the connection is broken; unread input may be left
};

/// Receives the reports of one socket, on the thread of its poller. Must be removed from the poller before it is
/// destroyed.
class readiness_watcher {
  public:
    virtual void ready(readiness what) = 0;
    /// ready() is about to be called: a hint to prefetch what it will use besides the object itself.
    virtual void ready_soon() const noexcept {}

  protected:
    ~readiness_watcher() = default;
};

}  // namespace anteroom::net
