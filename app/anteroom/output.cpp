#include "output.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace anteroom {

written write_out(int descriptor, std::string_view text) {
    while (!text.empty()) {
        auto const count = ::write(descriptor, text.data(), text.size());
        if (count >= 0) {
            text.remove_prefix(static_cast<std::size_t>(count));
            continue;
        }
        if (errno == EINTR)
            return written::interrupted;
        // Whoever shares the descriptor may have made it non-blocking.
        pollfd room{descriptor, POLLOUT, 0};
        if (errno != EAGAIN)
            return written::closed;
        if (::poll(&room, 1, -1) < 0)
            return written::interrupted;
    }
    return written::all;
}

}  // namespace anteroom
