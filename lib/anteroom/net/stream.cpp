#include <anteroom/net/stream.hpp>

#include <algorithm>

namespace anteroom::net {

std::size_t stream::read_some(asio::mutable_buffer into, error_code& ec) {
    ec = {};
    if (into.size() == 0)
        return 0;
    auto const got = do_read(into, ec);
    if (!ec)
        // A read that returned less than the buffer's size has drained the socket (epoll(7)), unless the end of the
        // input follows.
        readable_ = got == into.size() || peer_closed_;
    else
        readable_ = ec != asio::error::would_block;
    return got;
}

std::size_t stream::write_some(std::span<asio::const_buffer const> from, error_code& ec) {
    from = from.first(std::min(from.size(), max_pieces));
    std::size_t size = 0;
    for (auto const& each : from)
        size += each.size();
    ec = {};
    if (size == 0)
        return 0;
    auto const sent = do_write(from, size, ec);
    if (ec == asio::error::would_block)
        ec = {};
    // Nobody has to wait for what is broken to break.
    writable_ = sent == size || ec;
    return sent;
}

void stream::ready(readiness what) {
    readable_ = readable_ || what.readable;
    writable_ = writable_ || what.writable;
    peer_closed_ = peer_closed_ || what.hung_up;
    bool const read = what.readable && reading_;
    bool const write = what.writable && writing_ && *writing_;
    // As long as a read waits, what has come is its own.
    bool const observed = what.readable && !reading_ && observer_ != nullptr;
    // Whoever is notified may end the stream.
    if (write && (read || observed))
        post(*writing_, {});
    if (read)
        reading_.complete({}, get_executor());
    else if (observed && what.hung_up)
        observer_->hung_up();
    else if (observed)
        observer_->input_came();
    else if (write)
        writing_->complete({}, get_executor());
}

void stream::ready_soon() const noexcept {
    reading_.prefetch_handler();
    if (observer_ != nullptr)
        observer_->report_soon();
}

void stream::cancel() {
    for (auto* each : {&reading_, writing_.get()}) {
        if (each != nullptr && *each)
            post(*each, asio::error::operation_aborted);
    }
}

void stream::close() noexcept {  // NOLINT(bugprone-exception-escape)
    if (!is_open())
        return;
    do_close();
    readable_ = writable_ = false;
    cancel();
}

}  // namespace anteroom::net
