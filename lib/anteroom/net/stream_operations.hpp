// The composed operations of a stream: try, or else wait and retry. The implementation of its two function templates.
#pragma once

#include <anteroom/net/stream.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>
#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace anteroom::net {

/// Reads or writes once, waiting as often as that would block. A state machine for asio::async_compose().
template <stream::wait_type What, class Transfer>
class stream_operation {
  public:
    stream_operation(stream& on, Transfer transfer) : on_(on), transfer_(std::move(transfer)) {}

    template <class Self>
    void operator()(Self& self, error_code failed = {}) {
        if (failed)
            return self.complete(failed, 0);
        bool const waited = std::exchange(waited_, true);
        if (!waited)
            // Nothing is transferred before the wait, so it can end at any type of cancellation.
            self.reset_cancellation_state(asio::enable_total_cancellation());
        error_code ec;
        std::size_t count = 0;
        if (bool const blocked = !transfer_(on_, ec, count); blocked) {
            // A signal that came between two waits has nobody else to end.
            if (self.cancelled() != asio::cancellation_type::none)
                return self.complete(asio::error::operation_aborted, 0);
            return on_.async_wait(What, std::move(self));
        }
        if (waited)
            return self.complete(ec, count);
        // Never complete from within the initiating function.
        asio::post(on_.get_executor(), asio::append(std::move(self), done{ec, count}));
    }

    struct done {
        error_code ec;
        std::size_t count;
    };
    template <class Self>
    void operator()(Self& self, done const& with) {
        self.complete(with.ec, with.count);
    }

  private:
    stream& on_;
    Transfer transfer_;
    bool waited_ = false;
};

template <class MutableBuffers, class CompletionToken>
auto stream::async_read_some(MutableBuffers const& into, CompletionToken&& token) {
    asio::mutable_buffer const first =
        asio::buffer_size(into) == 0 ? asio::mutable_buffer()
                                     : *std::find_if(asio::buffer_sequence_begin(into), asio::buffer_sequence_end(into),
                                                     [](asio::mutable_buffer each) { return each.size() > 0; });
    auto transfer = [first](stream& from, error_code& ec, std::size_t& count) {
        if (first.size() == 0)
            return true;
        if (!from.is_open()) {
            ec = asio::error::operation_aborted;
            return true;
        }
        count = from.read_some(first, ec);
        return ec != asio::error::would_block;
    };
    return asio::async_compose<CompletionToken, void(error_code, std::size_t)>(
        stream_operation<wait_type::read, decltype(transfer)>(*this, std::move(transfer)), token, get_executor());
}

template <class ConstBuffers, class CompletionToken>
auto stream::async_write_some(ConstBuffers const& from, CompletionToken&& token) {
    boost::container::small_vector<asio::const_buffer, 4> pieces;
    std::copy_if(asio::buffer_sequence_begin(from), asio::buffer_sequence_end(from), std::back_inserter(pieces),
                 [](asio::const_buffer each) { return each.size() > 0; });
    auto transfer = [pieces = std::move(pieces)](stream& to, error_code& ec, std::size_t& count) {
        if (pieces.empty())
            return true;
        if (!to.is_open()) {
            ec = asio::error::operation_aborted;
            return true;
        }
        count = to.write_some({pieces.data(), pieces.size()}, ec);
        return count > 0 || ec;
    };
    return asio::async_compose<CompletionToken, void(error_code, std::size_t)>(
        stream_operation<wait_type::write, decltype(transfer)>(*this, std::move(transfer)), token, get_executor());
}

}  // namespace anteroom::net
