// Subscribers that come and go: each connects, polls a room in which a message waits, reads the answer and hangs up.
#pragma once

#include <anteroom/bench/connection.hpp>
#include <anteroom/bench/dialect.hpp>
#include <anteroom/bench/histogram.hpp>
#include <anteroom/bench/options.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace anteroom::bench {

class storm {
  public:
    /// Publishes the message. Throws std::system_error if the server cannot be reached, std::runtime_error if it does
    /// not take the message.
    explicit storm(load_options const& options);
    ~storm();
    storm(storm const&) = delete;
    storm& operator=(storm const&) = delete;

    /// Handles what has arrived, waiting for at most `timeout_ns`; who is done hangs up, and another comes at once.
    /// Throws std::runtime_error when the server breaks the protocol or nothing moves for the time allowed.
    void step(std::uint64_t timeout_ns);

    /// Connections that were answered and closed.
    std::uint64_t served() const { return served_; }

    void record_from(std::uint64_t from) { record_from_ = from; }
    /// From connecting to the answer.
    histogram const& latencies() const { return latencies_; }

  private:
    struct caller {
        std::optional<connection> link;
        std::uint64_t began = 0;
    };

    void publish(std::string const& room);
    void call(std::size_t index);
    void read(std::size_t index);

    load_options options_;
    endpoint to_;
    std::unique_ptr<dialect> dialect_;
    int epoll_;
    std::string request_;
    std::string body_;
    std::vector<caller> callers_;
    std::size_t calls_ = 0;
    std::uint64_t served_ = 0;
    std::uint64_t last_progress_;
    std::uint64_t record_from_ = ~std::uint64_t{0};
    histogram latencies_;
};

}  // namespace anteroom::bench
