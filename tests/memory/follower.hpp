// A client that follows rooms from its cursor, and reconnects whenever its connection ends.
#pragma once

#include "connection.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace anteroom::memory {

struct received {
    std::uint64_t number = 0;
    std::string data;
};

enum class form { json, several, ndjson, sse, websocket };

/// Runs on a thread of its own. What it finds wrong is kept as text; nothing here is a Catch2 assertion.
class follower {
  public:
    /// Follows room `a` (`several`: `a` and `b`) from the beginning of the room's life.
    follower(std::string at, form how);
    ~follower();
    follower(follower const&) = delete;
    follower& operator=(follower const&) = delete;

    /// The number of the last message of the room that it has.
    std::uint64_t reached(std::string const& room);
    std::vector<received> all(std::string const& room);
    /// The first thing that was wrong; empty if nothing was.
    std::string wrong();
    std::uint64_t connections() const noexcept { return connections_; }

  private:
    void run();
    void poll(connection& with);
    void stream(connection& with);
    void listen(connection& with);
    void take_object(std::string_view text);
    void take_message(std::string_view room, std::string_view id, std::string_view data);
    void fault(std::string what);

    std::string at_;
    form how_;
    std::string cursor_ = "0";
    std::atomic<bool> ends_{false};
    std::atomic<std::uint64_t> connections_{0};
    std::mutex mutex_;  // guards the rest
    std::map<std::string, std::vector<received>, std::less<>> all_;
    std::string wrong_;
    std::thread thread_;
};

}  // namespace anteroom::memory
