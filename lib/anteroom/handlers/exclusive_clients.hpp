// Who waits as which client: a newer poll of the same client takes the place of the older one.
#pragma once

#include <anteroom/http/session.hpp>

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace anteroom {

class exclusive_clients;

/// A subscriber's place; all but its names belong to the thread of its session's shard.
struct seat {
    anteroom::shard* shard = nullptr;
    http::session* sitter = nullptr;  // none when it is gone
    bool taken = false;               // by a newer one
    exclusive_clients* all = nullptr;
    std::vector<std::string> names;
};

/// Owned by the subscription; the seat is given up with it.
class seat_ptr {
  public:
    seat_ptr() = default;
    explicit seat_ptr(std::shared_ptr<seat> of) noexcept : of_(std::move(of)) {}
    seat_ptr(seat_ptr&&) noexcept = default;
    seat_ptr& operator=(seat_ptr&& other) noexcept {
        std::swap(of_, other.of_);
        return *this;
    }
    ~seat_ptr();

    explicit operator bool() const noexcept { return of_ != nullptr; }
    seat* operator->() const noexcept { return of_.get(); }

  private:
    std::shared_ptr<seat> of_;
};

/// Any thread. Must outlive every seat.
class exclusive_clients {
  public:
    /// Seats a client in rooms, and has whoever sits there as the same client told (see session::cancel()) on the thread
    /// of its own shard.
    seat_ptr take(std::span<std::string_view const> rooms, std::string_view client, http::session& sitter);

  private:
    friend class seat_ptr;
    void leave(std::shared_ptr<seat> const& who) noexcept;

    std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<seat>> taken_;
};

}  // namespace anteroom
