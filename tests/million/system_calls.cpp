// What a server calls for its descriptors, in place of libc's: an executable's own functions come before those of the
// libraries that it loads. In-memory streams are served here, all other descriptors by the kernel.
#include "streams.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <csignal>
#include <span>
#include <string>

using anteroom::million::streams;

extern "C" {

ssize_t recv(int socket, void* into, size_t size, int flags) {
    if (auto* const all = streams::having(socket))
        return all->read(socket, {static_cast<char*>(into), size});
    return ::syscall(SYS_recvfrom, socket, into, size, flags, nullptr, nullptr);
}

ssize_t send(int socket, void const* from, size_t size, int flags) {
    if (auto* const all = streams::having(socket))
        return all->write(socket, {static_cast<char const*>(from), size});
    return ::syscall(SYS_sendto, socket, from, size, flags, nullptr, 0);
}

ssize_t sendmsg(int socket, msghdr const* message, int flags) {
    auto* const all = streams::having(socket);
    if (all == nullptr)
        return ::syscall(SYS_sendmsg, socket, message, flags);
    std::string whole;
    for (auto const& piece : std::span(message->msg_iov, message->msg_iovlen))
        whole.append(static_cast<char const*>(piece.iov_base), piece.iov_len);
    return all->write(socket, whole);
}

int shutdown(int socket, int how) noexcept {
    return streams::having(socket) != nullptr ? 0 : static_cast<int>(::syscall(SYS_shutdown, socket, how));
}

int close(int descriptor) {
    if (auto* const all = streams::having(descriptor))
        return all->close(descriptor);
    return static_cast<int>(::syscall(SYS_close, descriptor));
}

int epoll_ctl(int set, int what, int descriptor, epoll_event* event) noexcept {
    if (auto* const all = streams::having(descriptor))
        return all->watch(set, descriptor, *event);
    return static_cast<int>(::syscall(SYS_epoll_ctl, set, what, descriptor, event));
}

int epoll_wait(int set, epoll_event* out, int most, int timeout) {
    if (auto* const all = streams::watched_by(set))
        return all->ready({out, static_cast<std::size_t>(most)});
    return static_cast<int>(::syscall(SYS_epoll_pwait, set, out, most, timeout, nullptr, _NSIG / 8));
}

}  // extern "C"
