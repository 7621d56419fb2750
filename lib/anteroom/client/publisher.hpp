// Publishes messages, each exactly once, however many attempts it takes.
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

/// A message to be published.
class draft {
  public:
    /// A text message, in UTF-8.
    draft(std::string text) : data_(std::move(text)) {}
    draft(char const* text) : data_(text) {}

    /// A JSON message.
    static draft json(std::string value) { return {std::move(value), "application/json"}; }

    /// Several JSON messages, one per line, which are published all or none.
    static draft lines(std::string ndjson) { return {std::move(ndjson), "application/x-ndjson"}; }

    /// Sets the Idempotency-Key, 1 to 128 visible characters. Without it each call generates one; set it if attempts of
    /// *different* calls, or of different runs of a program, are to count as the same message.
    draft& key(std::string idempotency_key) {
        key_ = std::move(idempotency_key);
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
    std::vector<std::string> ids;   ///< of the messages; in several rooms each is `a@…,b@…`
    std::int64_t time = 0;          ///< milliseconds since the Unix epoch, by the server's clock
    std::uint64_t subscribers = 0;  ///< how many were waiting in the rooms
    bool duplicate = false;         ///< an earlier attempt had already arrived, and this is its receipt
};

// Redundant member initialisers, so that designated initialisers may omit any member.
// NOLINTBEGIN(readability-redundant-member-init)
struct publisher_options {
    /// The name that becomes the messages' `from`, 1 to 64 characters; empty: none.
    std::string as = {};
    /// How long publish() starts new attempts when it is given no deadline. The server remembers keys for 5 minutes
    /// unless configured otherwise.
    std::chrono::milliseconds retry_timeout = std::chrono::seconds(60);
    /// How long one attempt may take.
    std::chrono::milliseconds response_timeout = std::chrono::seconds(15);
    /// Delays between attempts: full jitter under a bound that doubles from the initial one to the maximum. A
    /// Retry-After is always honoured.
    std::chrono::milliseconds backoff_initial = std::chrono::milliseconds(250);
    std::chrono::milliseconds backoff_max = std::chrono::seconds(10);
};
// NOLINTEND(readability-redundant-member-init)

/// A publisher over one persistent connection.
///
/// An object belongs to its executor: call it from that executor only, one call at a time (messages of one publisher
/// are in the order of its calls), and it must outlive its calls. If several threads run the executor, use a strand.
class publisher {
  public:
    using time_point = std::chrono::steady_clock::time_point;

    /// `server` is `http://host:port` (with a path prefix if a proxy needs one) or `unix:PATH`. An invalid one is
    /// reported by the first call.
    publisher(boost::asio::any_io_executor const& executor, std::string const& server, publisher_options options = {});
    publisher(publisher&&) noexcept;
    publisher& operator=(publisher&&) noexcept;
    ~publisher();

    /// Completes when the server has accepted the message. Retries, with the same Idempotency-Key, while the server
    /// cannot be reached or asks to retry later.
    ///
    /// Fails with errc::bad_argument and errc::refused (a retry would not help), errc::unreachable when it gives up at
    /// `until`, and errc::cancelled when it is cancelled (terminal cancellation of the coroutine). After the last two
    /// the message may or may not have been published: publish it again with the same key() to be sure.
    boost::asio::awaitable<result<receipt>> publish(std::string room, draft what);
    boost::asio::awaitable<result<receipt>> publish(std::string room, draft what, time_point until);

    /// The same message to several rooms, in all of them or in none.
    boost::asio::awaitable<result<receipt>> publish(std::vector<std::string> rooms, draft what);
    boost::asio::awaitable<result<receipt>> publish(std::vector<std::string> rooms, draft what, time_point until);

  private:
    class state;

    boost::asio::awaitable<result<receipt>> publish_until(std::vector<std::string> rooms, draft what,
                                                          time_point last_try, time_point until);

    std::shared_ptr<state> state_;  // shared with pending calls, for an io_context that is destroyed with them
};

}  // namespace anteroom::client
