// A free list of requests.
#pragma once

#include <anteroom/http/request.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <utility>

namespace anteroom::http {

/// Keeps a few released requests, with the memory that they have allocated, to be reused. Must outlive them.
/// Single-threaded.
class request_pool {
  public:
    struct recycle {
        request_pool* to = nullptr;  // null: it is deleted
        void operator()(request* done) const noexcept {
            if (to != nullptr)
                to->give_back(std::unique_ptr<request>(done));
            else
                delete done;
        }
    };

    /// An empty request.
    std::unique_ptr<request, recycle> take() {
        return {count_ > 0 ? spare_[--count_].release() : new request, recycle{this}};
    }

  private:
    static constexpr std::size_t most_spare = 8;
    static constexpr std::size_t most_bytes = 4096;

    void give_back(std::unique_ptr<request> done) noexcept {
        if (count_ == most_spare || done->bytes.capacity() > most_bytes)
            return;
        done->fields.reset();
        done->parts.reset();
        done->target = done->method_text = done->body = {};
        done->bytes.clear();
        spare_[count_++] = std::move(done);
    }

    std::array<std::unique_ptr<request>, most_spare> spare_;
    std::size_t count_ = 0;
};

/// A request, owned by what handles it.
using request_ptr = std::unique_ptr<request, request_pool::recycle>;

/// A request that belongs to no pool.
inline request_ptr make_request() {
    return {new request, {}};
}

}  // namespace anteroom::http
