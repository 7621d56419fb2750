// What all sessions of a shard share.
#pragma once

#include <anteroom/base/shard.hpp>
#include <anteroom/http/head_cache.hpp>
#include <anteroom/http/request_pool.hpp>
#include <anteroom/http/service.hpp>

#include <boost/intrusive/list.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anteroom::http {

/// A session as its worker sees it.
class member : public boost::intrusive::list_base_hook<> {
  public:
    /// Has it end as soon as it can without breaking anything off.
    virtual void drain() = 0;
    /// Breaks it off.
    virtual void abort() = 0;

  protected:
    ~member() = default;
};

/// Deadlines and limits of connections.
struct options {
    milliseconds header_timeout = std::chrono::seconds(10);
    milliseconds body_timeout = std::chrono::seconds(30);
    milliseconds write_timeout = std::chrono::seconds(30);
    milliseconds idle_timeout = std::chrono::seconds(75);
    std::uint64_t max_body = 64 * 1024;
    bool access_log = false;
};

/// Where input is read into: a ring would wrap a request, so what is left moves to the front when room is needed.
struct input_buffer {
    static constexpr std::size_t size = 32 * 1024;

    std::string_view content() const noexcept { return {bytes.data() + begin, end - begin}; }
    /// The room behind the content, which moves to the front for it.
    std::span<char> make_room() noexcept;
    /// Appends as much of a text as there is room for; to an empty buffer.
    void append(std::string_view text) noexcept;

    std::size_t begin = 0;
    std::size_t end = 0;
    std::array<char, size> bytes;
};

/// Belongs to the thread of its shard.
class worker {
  public:
    worker(anteroom::shard& at, service& application, options const& with);
    ~worker();
    worker(worker const&) = delete;
    worker& operator=(worker const&) = delete;

    anteroom::shard& shard() noexcept { return shard_; }
    service& application() noexcept { return application_; }
    options const& settings() const noexcept { return options_; }

    /// The status line and `Date`, each with its CRLF, as of this second; good until the next call.
    std::string_view status_line(unsigned status);

    /// A string to put a head together in, for a moment: its memory is kept.
    std::string& scratch() noexcept { return scratch_; }

    /// The heads of requests that came lately, whoever sent them.
    head_cache& heads() noexcept { return heads_; }

    /// Memory for requests.
    request_pool& requests() noexcept { return requests_; }

    /// An empty buffer for input, to be given back before its connection waits.
    std::unique_ptr<input_buffer> borrow_buffer();
    void give_back(std::unique_ptr<input_buffer> buffer) noexcept;

    /// Sessions of this shard, those that are running.
    void add(member& started) noexcept;
    /// A session has ended; notifies who waits for the last one.
    void remove(member& ended) noexcept;

    /// From now on no request is answered without `Connection: close`; polls are answered, idle connections closed.
    void drain();
    bool draining() const noexcept { return draining_; }
    /// Breaks every connection off.
    void abort();
    /// Called, on this shard, once no session is left after drain().
    void on_empty(void (*call)(void*), void* with);

  private:
    void refresh_date();

    anteroom::shard& shard_;
    service& application_;
    options const& options_;
    std::array<std::pair<unsigned, std::string>, 4> lines_;  // those of this second that were asked for last
    std::size_t next_line_ = 0;
    std::string date_;
    std::string scratch_;
    std::int64_t date_second_ = 0;
    request_pool requests_;
    head_cache heads_;
    std::vector<std::unique_ptr<input_buffer>> buffers_;
    boost::intrusive::list<member, boost::intrusive::constant_time_size<false>> sessions_;
    std::size_t count_ = 0;
    bool draining_ = false;
    void (*on_empty_)(void*) = nullptr;
    void* on_empty_argument_ = nullptr;
};

}  // namespace anteroom::http
