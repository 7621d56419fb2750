// Exclusive clients: a newer poll with the same client id supersedes the older one.
#pragma once

#include <anteroom/base/keyed_hash.hpp>
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
struct exclusive_client {
    anteroom::shard* shard = nullptr;
    http::session* session = nullptr;  // null once the subscription has ended
    bool superseded = false;           // superseded by a newer subscription
    exclusive_clients* all = nullptr;
    std::vector<std::string> names;
};

/// Owned by the subscription; releases the registration when it is destroyed.
class exclusive_client_ptr {
  public:
    exclusive_client_ptr() = default;
    explicit exclusive_client_ptr(std::shared_ptr<exclusive_client> of) noexcept : of_(std::move(of)) {}
    exclusive_client_ptr(exclusive_client_ptr&&) noexcept = default;
    exclusive_client_ptr& operator=(exclusive_client_ptr&& other) noexcept {
        std::swap(of_, other.of_);
        return *this;
    }
    ~exclusive_client_ptr();

    explicit operator bool() const noexcept { return of_ != nullptr; }
    exclusive_client* operator->() const noexcept { return of_.get(); }

  private:
    std::shared_ptr<exclusive_client> of_;
};

/// Any thread. Must outlive every registration.
class exclusive_clients {
  public:
    /// Registers a client in rooms, and cancels (see session::cancel()) the session that is registered there as the
    /// same client, on the thread of that session's shard.
    exclusive_client_ptr take(std::span<std::string_view const> rooms, std::string_view client, http::session& session);

  private:
    friend class exclusive_client_ptr;
    void leave(std::shared_ptr<exclusive_client> const& who) noexcept;

    std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<exclusive_client>, keyed_hash> taken_;
};

}  // namespace anteroom
