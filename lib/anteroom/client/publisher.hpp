// Publishes messages, each of them once however often it has to be tried.
#pragma once

#include <anteroom/client/error.hpp>
#include <anteroom/client/message.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace anteroom::client {

/// What is to be published.
class draft {
  public:
    /// A text message, in UTF-8.
    draft(std::string text) : data_(std::move(text)) {}
    draft(char const* text) : data_(text) {}

    /// A JSON message.
    static draft json(std::string value) { return {std::move(value), "application/json"}; }

    /// Several JSON messages, one a line, which are published together or not at all.
    static draft lines(std::string ndjson) { return {std::move(ndjson), "application/x-ndjson"}; }

    /// Sets the Idempotency-Key, 1 to 128 visible characters. Where none is set, each publish makes up its own; set one
    /// to have tries of *different* calls, or of different runs of a program, count as the same message.
    draft& key(std::string of_its_own) {
        key_ = std::move(of_its_own);
        return *this;
    }

    std::string const& data() const noexcept { return data_; }
    std::string const& key() const noexcept { return key_; }
    std::string const& media_type() const noexcept { return media_type_; }

  private:
    draft(std::string data, std::string media_type) : data_(std::move(data)), media_type_(std::move(media_type)) {}

    std::string data_;
    std::string media_type_ = "text/plain; charset=utf-8";
    std::string key_;
};

/// What the server answered.
struct receipt {
    std::vector<std::string> ids;   ///< of the messages; in several rooms one that is `a@…,b@…`
    std::int64_t time = 0;          ///< milliseconds since the Unix epoch, by the server's clock
    std::uint64_t subscribers = 0;  ///< how many were waiting for it
    bool duplicate = false;         ///< an earlier try had arrived already, and this is its receipt
};

// Members have initialisers that say nothing new, so that designated ones may leave them out.
// NOLINTBEGIN(readability-redundant-member-init)
struct publisher_options {
    /// The name that becomes the messages' `from`, 1 to 64 characters; empty: none.
    std::string as = {};
    /// How long publish() begins new tries where it is given no deadline. The server remembers keys for 5 minutes,
    /// unless told otherwise.
    std::chrono::milliseconds give_up = std::chrono::seconds(60);
    /// How long one try may take.
    std::chrono::milliseconds patience = std::chrono::seconds(15);
    /// Waits between tries: full jitter under a bound that doubles from the first to the most. A Retry-After is
    /// waited for in any case.
    std::chrono::milliseconds backoff_first = std::chrono::milliseconds(250);
    std::chrono::milliseconds backoff_most = std::chrono::seconds(10);
};
// NOLINTEND(readability-redundant-member-init)

/// A publisher, over one connection that it keeps.
///
/// An object belongs to its executor: call it from there only, one call at a time (messages of one publisher are in the
/// order of its calls), and let it outlive its calls. Where several threads run the executor, make it a strand.
class publisher {
  public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `server` is `http://host:port` (with a prefix where a proxy has it under one) or `unix:PATH`. A wrong one is
    /// told by the first call.
    publisher(boost::asio::any_io_executor const& on, std::string const& server, publisher_options with = {});
    publisher(publisher&&) noexcept;
    publisher& operator=(publisher&&) noexcept;
    ~publisher();

    /// Completes when the server has taken the message. Tries again, with the same Idempotency-Key, while the server
    /// cannot be reached or asks to come later.
    ///
    /// Fails with errc::bad_argument and errc::refused (trying again would not help), errc::unreachable where it gave
    /// up, at `until`, and errc::cancelled where it was cancelled (terminal cancellation of the coroutine). After the
    /// last two the message may have been published or not: publish it again with the same key() to be sure.
    boost::asio::awaitable<result<receipt>> publish(std::string room, draft what);
    boost::asio::awaitable<result<receipt>> publish(std::string room, draft what, time_point until);

    /// The same message to several rooms, in all of them or in none.
    boost::asio::awaitable<result<receipt>> publish(std::vector<std::string> rooms, draft what);
    boost::asio::awaitable<result<receipt>> publish(std::vector<std::string> rooms, draft what, time_point until);

  private:
    class state;

    boost::asio::awaitable<result<receipt>> publish_until(std::vector<std::string> rooms, draft what,
                                                          time_point last_try, time_point until);

    std::shared_ptr<state> state_;  // shared with the calls under way, for a loop that is torn down with them
};

}  // namespace anteroom::client
