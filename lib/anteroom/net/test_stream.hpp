// A connection in memory, for tests: two streams without a descriptor behind them.
#pragma once

#include <anteroom/net/poller.hpp>
#include <anteroom/net/stream.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace anteroom::net {

/// One end of a connection whose other end is a test_stream too: what is written to one is read from the other. It
/// behaves as a socket does: each end takes only so many bytes before they are read, reports changes once and never
/// from within a call of the other end, and learns that the other has closed. It takes 128 bytes, and the text
/// that is under way. Both ends on one thread.
class test_stream : public stream, private poller::memory_watcher {
  public:
    /// An end that is not connected yet: it is closed until connect(), or until another is made of it.
    explicit test_stream(asio::io_context& io);
    /// An end that is connected from the start, to one that was not: as connect() does it.
    test_stream(asio::io_context& io, test_stream& other);
    ~test_stream() override;

    /// Connects two ends. Each soon reports that it is writable.
    static void connect(test_stream& one, test_stream& other);

    /// Sets the address of this end that the other one sees: none unless set, as of a Unix socket.
    void set_address(asio::ip::address const& address) { address_ = std::make_unique<asio::ip::address>(address); }
    std::optional<asio::ip::address> peer_address() const override {
        return other_ != nullptr && other_->address_ ? std::optional(*other_->address_) : std::nullopt;
    }

    /// Sets how many unread bytes this end buffers; writes of the other end accept no more than that.
    void limit_unread(std::uint32_t most) noexcept { most_unread_ = most; }
    /// The bytes that have arrived and were not read.
    std::string_view unread() const noexcept { return unread_ ? std::string_view(*unread_) : std::string_view(); }
    /// Has every further read and write of this end find the connection broken.
    void break_off(error_code why);

    executor_type get_executor() const noexcept override { return poller_.get_executor(); }
    bool others_wait() const noexcept override { return poller_.behind(); }
    bool is_open() const noexcept override { return open_; }
    void shutdown_send() noexcept override;

  protected:
    // For tests that look at what is written, write by write.
    std::size_t do_write(std::span<asio::const_buffer const> from, std::size_t size, error_code& ec) override;

  private:
    std::size_t do_read(asio::mutable_buffer into, error_code& ec) override;
    void do_close() noexcept override;
    void ready(readiness what) override { stream::ready(what); }
    void ready_soon() const noexcept override { stream::ready_soon(); }

    poller& poller_;
    test_stream* other_ = nullptr;
    std::unique_ptr<std::string> unread_;
    std::unique_ptr<error_code> broken_;
    std::unique_ptr<asio::ip::address> address_;
    std::uint32_t most_unread_ = 256 * 1024;
    bool open_ = false;
    bool ended_ = false;  // the other end will write no more
    bool full_ = false;   // the other end must be notified when there is space again
};

}  // namespace anteroom::net
