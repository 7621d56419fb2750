#include "output.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace anteroom {

write_result write_out(int descriptor, std::string_view text) {
    while (!text.empty()) {
        auto const count = ::write(descriptor, text.data(), text.size());
        if (count >= 0) {
            text.remove_prefix(static_cast<std::size_t>(count));
            continue;
        }
        if (errno == EINTR)
            return write_result::interrupted;
        // Another program that shares the descriptor may have made it non-blocking.
        pollfd waiting{descriptor, POLLOUT, 0};
        if (errno != EAGAIN)
            return write_result::closed;
        if (::poll(&waiting, 1, -1) < 0)
            return write_result::interrupted;
    }
    return write_result::all;
}

}  // namespace anteroom
