// The state that all sessions of a shard share.
#pragma once

#include <anteroom/base/shard.hpp>
#include <anteroom/http/head_cache.hpp>
#include <anteroom/http/held_memory.hpp>
#include <anteroom/http/request_pool.hpp>
#include <anteroom/http/service.hpp>

#include <boost/intrusive/list.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anteroom::http {

/// The interface of a session that its worker uses.
class member : public boost::intrusive::list_base_hook<> {
  public:
    /// Ends the session as soon as that is possible without interrupting a request or a response.
    virtual void drain() = 0;
    /// Closes the session's connection immediately.
    virtual void abort() = 0;

  protected:
    ~member() = default;
};

/// Timeouts and limits of connections.
struct options {
    milliseconds header_timeout = std::chrono::seconds(10);
    milliseconds body_timeout = std::chrono::seconds(30);
    milliseconds write_timeout = std::chrono::seconds(30);
    milliseconds idle_timeout = std::chrono::seconds(75);
    std::uint64_t max_body = 64 * 1024;
    bool access_log = false;
    // What connections may hold while they wait, over all shards, in bytes, and the account in which that is counted;
    // none: in none.
    std::size_t held_memory = std::size_t{256} << 20U;
    memory_meter* meter = nullptr;
};

/// The buffer that input is read into. Not a ring, which would wrap requests around; so the rest is moved to the front
/// when space is needed.
struct input_buffer {
    static constexpr std::size_t size = 32 * 1024;

    std::string_view content() const noexcept { return {bytes.data() + begin, end - begin}; }
    /// The free space after the content, which is moved to the front to enlarge it.
    std::span<char> make_room() noexcept;
    /// Appends as much of a text as fits. The buffer must be empty.
    void append(std::string_view text) noexcept;

    std::size_t begin = 0;
    std::size_t end = 0;
    std::array<char, size> bytes;
};

/// Belongs to the thread of its shard.
class worker {
  public:
    /// `shards`: of how many workers it is one.
    worker(anteroom::shard& at, service& application, options const& with, std::size_t shards = 1);
    ~worker();
    worker(worker const&) = delete;
    worker& operator=(worker const&) = delete;

    anteroom::shard& shard() noexcept { return shard_; }
    service& application() noexcept { return application_; }
    options const& settings() const noexcept { return options_; }

    /// The status line and `Date`, each with its CRLF, as of the current second; valid until the next call.
    std::string_view status_line(unsigned status);

    /// A string for assembling a head, for temporary use: it keeps its capacity.
    std::string& scratch() noexcept { return scratch_; }

    /// A cache of the request heads received recently, from any client.
    head_cache& heads() noexcept { return heads_; }

    /// The pool that requests are allocated from.
    request_pool& requests() noexcept { return requests_; }

    /// An empty input buffer, to be given back before its connection waits.
    std::unique_ptr<input_buffer> borrow_buffer();
    void give_back(std::unique_ptr<input_buffer> buffer) noexcept;

    /// What the sessions of this shard hold while they wait.
    held_memory& held() noexcept { return held_; }

    /// Turns are by work, since requests differ in how much they are. A turn begins when a session is resumed; what it
    /// does is counted in units of some 10 us, and at 2 ms it has had its turn.
    void begin_turn() noexcept { turn_ = 0; }
    void charge(std::size_t units) noexcept { turn_ += units; }
    bool turn_is_over() const noexcept { return turn_ >= most_in_a_turn; }

    /// A right to read and discard a long body that was refused; see session::linger(). Released when it is destroyed.
    class linger_slot {
      public:
        linger_slot() = default;
        explicit linger_slot(std::size_t& taken) noexcept : taken_(&++taken) {}
        linger_slot(linger_slot&& other) noexcept : taken_(std::exchange(other.taken_, nullptr)) {}
        linger_slot& operator=(linger_slot&&) = delete;
        ~linger_slot() {
            if (taken_ != nullptr)
                --*taken_;
        }
        explicit operator bool() const noexcept { return taken_ != nullptr; }

      private:
        std::size_t* taken_ = nullptr;
    };
    /// A slot, or an empty one if as many sessions as may be have one: what they read serves nobody else.
    linger_slot take_linger_slot() noexcept {
        return lingering_ < max_lingering ? linger_slot(lingering_) : linger_slot();
    }
    static constexpr std::size_t max_lingering = 64;

    /// Whether a client that speaks TLS may be reported: once a second, so that none can fill the log.
    bool may_report_tls() noexcept;

    /// Registers a running session of this shard.
    void add(member& started) noexcept;
    /// Removes a session that has ended; calls the handler of on_empty() after the last one.
    void remove(member& ended) noexcept;

    /// From now on nothing is to be changed by requests (handlers look at frozen()). A drain begins once all shards are
    /// frozen: so whoever is drained gets all that was acknowledged, by any shard.
    void freeze() noexcept { frozen_ = true; }
    bool frozen() const noexcept { return frozen_; }
    /// From now on every response has `Connection: close`, unless the client is expected to poll again (see
    /// session::expect_poll()); waiting polls are answered, idle connections closed: in portions, so that others are
    /// served meanwhile.
    void drain();
    bool draining() const noexcept { return draining_; }
    /// Closes every connection immediately.
    void abort();
    /// Sets a function to be called, on this shard, once no session is left after drain().
    void on_empty(void (*call)(void*), void* with);

  private:
    static constexpr std::size_t most_in_a_turn = 200;

    class drain_tour;

    void refresh_date();
    bool drain_some(std::size_t most);

    anteroom::shard& shard_;
    service& application_;
    options const& options_;
    std::array<std::pair<unsigned, std::string>, 4> lines_;  // the lines used last in this second
    std::size_t next_line_ = 0;
    std::string date_;
    std::string scratch_;
    std::int64_t date_second_ = 0;
    request_pool requests_;
    head_cache heads_;
    memory_meter own_meter_;
    held_memory held_;
    std::size_t turn_ = 0;
    std::vector<std::unique_ptr<input_buffer>> buffers_;
    boost::intrusive::list<member, boost::intrusive::constant_time_size<false>> sessions_;
    std::size_t count_ = 0;
    bool frozen_ = false;
    std::size_t lingering_ = 0;
    std::optional<std::int64_t> tls_reported_;  // when, in ms on the steady clock
    bool draining_ = false;
    member* next_to_drain_ = nullptr;
    std::shared_ptr<drain_tour> tour_;  // made before it is needed: a drain must not fail
    void (*on_empty_)(void*) = nullptr;
    void* on_empty_argument_ = nullptr;
};

}  // namespace anteroom::http
