// Exclusive clients: a newer poll with the same client id supersedes the older one.
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

/// The registration of one subscriber; all members but its names belong to the thread of its session's shard.
struct seat {
    anteroom::shard* shard = nullptr;
    http::session* sitter = nullptr;  // null once the subscription has ended
    bool taken = false;               // superseded by a newer subscription
    exclusive_clients* all = nullptr;
    std::vector<std::string> names;
};

/// Owned by the subscription; releases the registration when it is destroyed.
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

/// Any thread. Must outlive every registration.
class exclusive_clients {
  public:
    /// Registers a client in rooms, and cancels (see session::cancel()) the session that is registered there as the
    /// same client, on the thread of that session's shard.
    seat_ptr take(std::span<std::string_view const> rooms, std::string_view client, http::session& sitter);

  private:
    friend class seat_ptr;
    void leave(std::shared_ptr<seat> const& who) noexcept;

    std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<seat>> taken_;
};

}  // namespace anteroom
