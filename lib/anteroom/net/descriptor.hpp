// An owning file descriptor.
#pragma once

#include <unistd.h>

#include <utility>

namespace anteroom::net {

/// Closes its descriptor in its destructor.
class descriptor {
  public:
    descriptor() = default;
    explicit descriptor(int owned) noexcept : number_(owned) {}
    descriptor(descriptor&& other) noexcept : number_(other.release()) {}
    descriptor& operator=(descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~descriptor() { close(); }

    explicit operator bool() const noexcept { return number_ >= 0; }
    int get() const noexcept { return number_; }
    /// Releases ownership to the caller.
    int release() noexcept { return std::exchange(number_, -1); }
    void close() noexcept {
        if (number_ >= 0)
            ::close(release());
    }

  private:
    int number_ = -1;
};

}  // namespace anteroom::net
