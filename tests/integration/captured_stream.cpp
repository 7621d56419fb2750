#include "captured_stream.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace anteroom::integration {

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        if (end != 0) {
            lines.emplace_back(text.substr(0, end));
        }
        text.remove_prefix(end + 1);
    }
    return lines;
}

captured_stream::captured_stream(descriptor read_end)
    : read_end_{std::move(read_end)}, reader_{[this] { read_all(); }} {}

std::string captured_stream::text() const {
    std::lock_guard const lock{mutex_};
    return text_;
}

bool captured_stream::wait_until(std::function<bool(std::string const&)> const& enough, milliseconds bound) const {
    std::unique_lock lock{mutex_};
    auto accepted = false;
    grown_.wait_for(lock, bound, [&] { return (accepted = enough(text_)) || ended_; });
    return accepted;
}

bool captured_stream::wait_for_end(milliseconds bound) const {
    std::unique_lock lock{mutex_};
    return grown_.wait_for(lock, bound, [&] { return ended_; });
}

void captured_stream::read_all() {
    std::array<char, 4096> chunk{};
    for (;;) {
        auto const count = ::read(read_end_.get(), chunk.data(), chunk.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        std::lock_guard const lock{mutex_};
        if (count <= 0) {
            ended_ = true;
        } else {
            text_.append(chunk.data(), static_cast<std::size_t>(count));
        }
        grown_.notify_all();
        if (ended_) {
            return;
        }
    }
}

}  // namespace anteroom::integration
