#include <anteroom/net/test_stream.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace anteroom::net {

test_stream::test_stream(asio::io_context& io) : poller_(poller::of(io)) {}

test_stream::test_stream(asio::io_context& io, test_stream& other) : test_stream(io) {
    connect(*this, other);
}

test_stream::~test_stream() {
    if (open_)
        test_stream::do_close();  // its own: whoever derives from it is gone
}

void test_stream::connect(test_stream& one, test_stream& other) {
    one.other_ = &other;
    other.other_ = &one;
    for (auto* each : {&one, &other}) {
        each->open_ = true;
        each->poller_.raise(*each, {.readable = false, .writable = true, .hung_up = false});
    }
}

void test_stream::break_off(error_code why) {
    if (!open_)
        return;
    broken_ = std::make_unique<error_code>(why);
    poller_.raise(*this, {.readable = true, .writable = true, .hung_up = true});
}

std::size_t test_stream::do_read(asio::mutable_buffer into, error_code& ec) {
    if (!open_)
        ec = asio::error::bad_descriptor;
    else if (broken_)
        ec = *broken_;
    else if (unread().empty())
        ec = ended_ ? error_code(asio::error::eof) : error_code(asio::error::would_block);
    if (ec)
        return 0;
    auto const count = std::min(into.size(), unread_->size());
    std::memcpy(into.data(), unread_->data(), count);
    if (count == unread_->size())
        unread_.reset();
    else
        unread_->erase(0, count);
    if (std::exchange(full_, false) && other_ != nullptr)
        other_->poller_.raise(*other_, {.readable = false, .writable = true, .hung_up = false});
    return count;
}

std::size_t test_stream::do_write(std::span<asio::const_buffer const> from, std::size_t, error_code& ec) {
    if (!open_)
        ec = asio::error::bad_descriptor;
    else if (broken_)
        ec = *broken_;
    else if (other_ == nullptr || other_->ended_)
        ec = asio::error::broken_pipe;
    if (ec)
        return 0;
    auto& to = *other_;
    std::size_t count = 0;
    for (auto const& each : from) {
        auto const room = to.most_unread_ - std::min<std::size_t>(to.most_unread_, to.unread().size());
        auto const some = std::min(each.size(), room);
        if (some > 0 && !to.unread_)
            to.unread_ = std::make_unique<std::string>();
        if (some > 0)
            to.unread_->append(static_cast<char const*>(each.data()), some);
        count += some;
        if (some < each.size()) {
            to.full_ = true;
            if (count == 0)
                ec = asio::error::would_block;
            break;
        }
    }
    if (count > 0)
        to.poller_.raise(to, {.readable = true, .writable = false, .hung_up = false});
    return count;
}

// As for stream::close(): where there is no memory left to post a report, the process ends.
void test_stream::shutdown_send() noexcept {  // NOLINT(bugprone-exception-escape)
    if (other_ == nullptr || std::exchange(other_->ended_, true))
        return;
    other_->poller_.raise(*other_, {.readable = true, .writable = false, .hung_up = true});
}

void test_stream::do_close() noexcept {  // NOLINT(bugprone-exception-escape)
    if (auto* const peer = std::exchange(other_, nullptr)) {
        peer->other_ = nullptr;
        peer->ended_ = true;
        // Who waits to write is to find out as well.
        peer->poller_.raise(*peer, {.readable = true, .writable = true, .hung_up = true});
    }
    open_ = false;
    unread_.reset();
    poller_.forget(*this);
}

}  // namespace anteroom::net
