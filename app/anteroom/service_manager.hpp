// What the service manager that started the server (systemd, or what speaks as it does) passes to it, and is notified
// of.
#pragma once

#include <anteroom/base/clock.hpp>
#include <anteroom/net/descriptor.hpp>

#include <sys/socket.h>
#include <sys/un.h>

#include <string_view>
#include <vector>

namespace anteroom {

/// Takes the listening sockets that were passed to this process: LISTEN_FDS of them from descriptor 3 on, if LISTEN_PID
/// is this process (sd_listen_fds(3)). They will not be inherited by others, and the variables are removed, so that a
/// second call returns none. Throws std::system_error if there are not as many descriptors. Call it before there are
/// threads.
std::vector<net::descriptor> take_passed_sockets();

/// Sends the server's states to the socket that NOTIFY_SOCKET names, a path or an abstract name that begins with `@`
/// (sd_notify(3)). Without that variable it does nothing. A state that cannot be sent is logged.
class service_manager {
  public:
    /// Reads the variable and removes it. Call it before there are threads.
    service_manager();

    /// READY=1: the server serves. `status` is for people, one line.
    void notify_ready(std::string_view status) const noexcept;
    /// STOPPING=1: the server drains, and may take this long (EXTEND_TIMEOUT_USEC), whatever the manager's own limit.
    void notify_stopping(milliseconds longest) const noexcept;

  private:
    /// Waits at most a second for a manager that does not read. Needs no memory.
    void send(std::string_view variables, std::string_view value) const noexcept;

    net::descriptor socket_;
    sockaddr_un to_{};
    socklen_t size_ = 0;
};

}  // namespace anteroom
