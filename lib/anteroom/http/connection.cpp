#include <anteroom/http/connection.hpp>

#include <memory>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/container/small_vector.hpp>

namespace anteroom::http {

namespace {

// What Asio passes to one system call.
constexpr std::size_t max_buffers = 64;

}  // namespace

connection::connection(worker& at, stream_socket&& socket) : worker_(at), socket_(std::move(socket)) {}

std::string_view connection::input() const noexcept {
    return spilled_.empty() ? std::string_view(inline_.data() + begin_, std::size_t{end_} - begin_) : std::string_view(spilled_);
}

void connection::consume(std::size_t size) {
    if (!spilled_.empty()) {
        spilled_.erase(0, size);
        if (spilled_.empty())
            worker_.give_back(std::move(spilled_));
        return;
    }
    begin_ = static_cast<std::uint16_t>(begin_ + size);
    if (begin_ == end_)
        begin_ = end_ = 0;
}

void connection::start_waiting(asio::any_completion_handler<void(input_event)> handler) {
    if (ended_) {
        asio::post(worker_.home().io(), asio::append(std::move(handler), input_event::ended));
        return;
    }
    waiting_ = std::move(handler);
    if (auto cancelled_by = asio::get_associated_cancellation_slot(waiting_); cancelled_by.is_connected()) {
        cancelled_by.assign([this](asio::cancellation_type type) {
            if (type == asio::cancellation_type::none || !waiting_)
                return;
            auto cancelled = std::exchange(waiting_, nullptr);
            asio::post(worker_.home().io(), asio::append(std::move(cancelled), input_event::cancelled));
        });
    }
    watch();
}

void connection::watch() {
    if (receiving_ || ended_ || input().size() >= max_input)
        return;
    if (end_ > 0)
        spill();
    receiving_ = true;
    socket_.async_receive(asio::buffer(inline_), receive_handler{this});
}

void connection::received(boost::system::error_code ec, std::size_t size) {
    receiving_ = false;
    if (ec || size == 0) {
        ended_ = true;
    } else {
        end_ = static_cast<std::uint16_t>(size);
        if (!spilled_.empty() || size == inline_size)
            spill();
        if (size == inline_size)
            read_on();
    }
    if (waiting_) {
        auto handler = std::exchange(waiting_, nullptr);
        std::move(handler)(input().empty() ? input_event::ended : input_event::arrived);
    } else if (ended_) {
        hung_up();
    } else {
        watch();
    }
}

void connection::spill() {
    if (spilled_.capacity() <= inline_size)
        spilled_ = worker_.borrow_buffer();
    spilled_.append(inline_.data() + begin_, std::size_t{end_} - begin_);
    begin_ = end_ = 0;
}

void connection::read_on() {
    static constexpr std::size_t portion = 8 * 1024;
    while (spilled_.size() < max_input) {
        auto const before = spilled_.size();
        spilled_.resize(before + portion);
        boost::system::error_code ec;
        auto const size = socket_.read_some(asio::buffer(spilled_.data() + before, portion), ec);
        spilled_.resize(before + size);
        if (ec && ec != asio::error::would_block)
            ended_ = true;
        if (size < portion)
            return;
    }
}

bool connection::write_some(std::span<asio::const_buffer const> buffers, std::size_t& sent) {
    boost::system::error_code ec;
    sent = socket_.write_some(buffers, ec);
    bytes_sent_ += sent;
    if (ec && ec != asio::error::would_block)
        failed_ = ended_ = true;
    return !ec;
}

void connection::write(std::span<part const> parts) {
    std::size_t first = 0;   // the part that is written next
    std::size_t offset = 0;  // how much of it has been
    while (first < parts.size() && !failed_ && unsent_.empty()) {
        boost::container::small_vector<asio::const_buffer, 8> buffers;
        std::size_t total = 0;
        for (std::size_t i = first; i < parts.size() && buffers.size() < max_buffers; ++i) {
            auto const bytes = parts[i].bytes.substr(i == first ? offset : 0);
            buffers.emplace_back(bytes.data(), bytes.size());
            total += bytes.size();
        }
        std::size_t sent = 0;
        bool const more = write_some(buffers, sent);
        bool const all = sent == total;
        while (first < parts.size() && sent >= parts[first].bytes.size() - offset) {
            sent -= parts[first].bytes.size() - offset;
            offset = 0;
            ++first;
        }
        offset += sent;
        if (!more || !all)
            break;
    }
    if (failed_)
        return;
    for (; first < parts.size(); ++first, offset = 0) {
        auto kept = parts[first];
        kept.bytes.remove_prefix(offset);
        if (!kept.owner) {
            auto copy = std::make_shared<std::string const>(kept.bytes);
            kept.bytes = *copy;
            kept.owner = std::move(copy);
        }
        unsent_.push_back(std::move(kept));
    }
}

bool connection::write_unsent() {
    auto const before = bytes_sent_;
    auto const kept = std::exchange(unsent_, {});
    write(kept);
    return bytes_sent_ > before;
}

void connection::shutdown_send() noexcept {
    boost::system::error_code ignored;
    socket_.shutdown(stream_socket::shutdown_send, ignored);
}

void connection::close() noexcept {
    boost::system::error_code ignored;
    socket_.close(ignored);
    ended_ = true;
}

}  // namespace anteroom::http
