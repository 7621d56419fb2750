// The yardstick: a bare epoll loop that parses next to nothing, keeps a room's last message with its number and writes
// a ready answer, event or frame. It shows what the kernel alone asks for a delivery; it is no server to use: no
// deadlines, no limits, no gaps, and a subscriber that is slower than the publishers loses messages.
#pragma once

#include "loop_streams.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace anteroom::bench {

struct room {
    std::uint64_t number = 0;
    std::string cursor = "loop0-0";
    std::string last;                              // the whole answer that carries the last message
    std::string previous;                          // only for --break
    std::array<std::string, 2> previous_streamed;  // only for --break: for SSE and for WebSocket
    std::vector<int> waiting;
    std::vector<int> streams;
};

// Faults injected at intervals, to prove that the generator detects them. `gap` loses a message too, but reports it.
enum class fault { none, lose, repeat, reorder, gap };

struct client {
    room* waits_in = nullptr;
    std::size_t place = 0;  // in the room's `waiting` or `streams`
    loop_form form = loop_form::poll;
    bool owed_previous = false;         // only for --break
    bool owed_gap = false;              // only for --break
    bool pinged = false;                // only for --ping: the pong has not come
    std::unique_ptr<std::string> rest;  // of a request that has come in part
};

struct string_hash : std::hash<std::string_view> {
    using is_transparent = void;
};

class loop_server {
  public:
    loop_server(fault broken, bool pings) : broken_(broken), pings_(pings) {}
    int run(int port);

  private:
    void accept_all();
    void read(int fd);
    void close(int fd);
    std::size_t serve(int fd, std::string_view bytes);
    std::size_t serve_frame(int fd, std::string_view bytes);
    void subscribe(int fd, room& in, std::string_view cursor);
    void open_stream(int fd, room& in, loop_form form);
    void publish(int fd, room& in, std::string_view body);
    void publish_to_streams(room& in, std::string_view body);
    void break_stream(int fd, std::string_view message, std::string_view gap);
    void wait(int fd, room& in);
    void forget(int fd);
    void send(int fd, std::string_view bytes);
    room& find(std::string_view name);
    bool misbehave() { return broken_ != fault::none && ++chances_ % 1'000 == 0; }

    fault broken_;
    bool pings_;
    unsigned chances_ = 0;
    int epoll_ = -1;
    int listener_ = -1;
    std::vector<client> clients_;
    std::unordered_map<std::string, room, string_hash, std::equal_to<>> rooms_;
    std::vector<int> woken_;
    std::array<char, 64 * 1024> buffer_{};
};

}  // namespace anteroom::bench
