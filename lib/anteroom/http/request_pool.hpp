// A free list of requests.
#pragma once

#include <anteroom/http/request.hpp>

#include <memory>
#include <utility>
#include <vector>

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
        if (spare_.empty())
            return {new request, recycle{this}};
        auto* const out = spare_.back().release();
        spare_.pop_back();
        return {out, recycle{this}};
    }

  private:
    static constexpr std::size_t most_spare = 8;
    static constexpr std::size_t most_bytes = 4096;

    void give_back(std::unique_ptr<request> done) noexcept {
        if (spare_.size() == most_spare || done->bytes.capacity() > most_bytes)
            return;
        if (spare_.capacity() < most_spare)
            spare_.reserve(most_spare);
        done->fields.reset();
        done->parts.reset();
        done->target = done->method_text = done->body = {};
        done->bytes.clear();
        spare_.push_back(std::move(done));
    }

    std::vector<std::unique_ptr<request>> spare_;
};

/// A request, owned by what handles it.
using request_ptr = std::unique_ptr<request, request_pool::recycle>;

/// A request that belongs to no pool.
inline request_ptr make_request() {
    return {new request, {}};
}

}  // namespace anteroom::http
