#include "output.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace anteroom {

namespace {

// EIO is also what a terminal says that has hung up; of a file it is an error.
bool is_reader_gone(int descriptor, int error) {
    struct stat what{};
    return error == EPIPE || error == ECONNRESET ||
           (error == EIO && ::fstat(descriptor, &what) == 0 && S_ISCHR(what.st_mode));
}

}  // namespace

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
        if (int const error = errno; error != EAGAIN) {
            bool const is_gone = is_reader_gone(descriptor, error);
            errno = error;
            return is_gone ? write_result::closed : write_result::failed;
        }
        if (::poll(&waiting, 1, -1) < 0)
            return write_result::interrupted;
    }
    return write_result::all;
}

std::string output_error() {
    return "standard output: " + std::generic_category().message(errno);
}

}  // namespace anteroom
