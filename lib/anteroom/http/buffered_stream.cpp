#include <anteroom/http/buffered_stream.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

namespace anteroom::http {

namespace {

// Up to this many parts are passed to the stream without being joined.
constexpr std::size_t few_pieces = 8;

}  // namespace

buffered_stream::buffered_stream(worker& at, net::stream& over) : worker_(at), stream_(over) {
    stream_.observe(this);
    ended_ = failed_ = !stream_.is_open();
}

buffered_stream::~buffered_stream() {
    close();
    stream_.observe(nullptr);
}

std::string_view buffered_stream::input() const noexcept {
    return buffer_ ? buffer_->content() : kept_ ? std::string_view(*kept_) : std::string_view();
}

void buffered_stream::consume(std::size_t size) noexcept {
    if (buffer_) {
        buffer_->begin += size;
        if (buffer_->begin == buffer_->end)
            worker_.give_back(std::move(buffer_));
    } else if (kept_) {
        kept_->erase(0, size);
        if (kept_->empty())
            kept_.reset();
    }
}

bool buffered_stream::receive(bool anyway) {
    if ((!stream_.readable() && !anyway) || ended_)
        return false;
    if (!buffer_)
        buffer_ = worker_.borrow_buffer();
    if (kept_) {
        buffer_->append(*kept_);
        kept_.reset();
    }
    std::size_t got = 0;
    if (auto const room = buffer_->make_room(); !room.empty()) {
        net::error_code ec;
        got = stream_.read_some(asio::buffer(room.data(), room.size()), ec);
        buffer_->end += got;
        ended_ = ec && ec != asio::error::would_block;
    }
    if (buffer_->content().empty())
        worker_.give_back(std::move(buffer_));
    return got > 0;
}

void buffered_stream::keep_input() {
    if (!buffer_)
        return;
    kept_ = std::make_unique<std::string>(buffer_->content());
    worker_.give_back(std::move(buffer_));
}

std::size_t buffered_stream::write_some(std::span<part const> parts, std::size_t offset) {
    if (parts.size() > few_pieces)
        return write_joined(parts, offset);
    std::array<asio::const_buffer, few_pieces> pieces;
    for (std::size_t i = 0; i < parts.size(); ++i)
        pieces[i] = asio::buffer(parts[i].bytes) + std::exchange(offset, 0);
    return write_some(std::span(pieces).first(parts.size()));
}

// A list of messages consists of hundreds of small pieces, which cost the kernel more one by one than copying them
// here.
std::size_t buffered_stream::write_joined(std::span<part const> parts, std::size_t offset) {
    auto joined = worker_.borrow_buffer();
    auto const room = joined->make_room();
    std::size_t size = 0;
    for (; !parts.empty() && size < room.size(); parts = parts.subspan(1)) {
        auto const some = parts.front().bytes.substr(std::exchange(offset, 0), room.size() - size);
        std::memcpy(room.data() + size, some.data(), some.size());
        size += some.size();
    }
    asio::const_buffer const all(room.data(), size);
    auto const sent = write_some({&all, 1});
    worker_.give_back(std::move(joined));
    return sent;
}

std::size_t buffered_stream::write_some(std::span<asio::const_buffer const> pieces) {
    net::error_code ec;
    auto const sent = stream_.write_some(pieces, ec);
    bytes_sent_ += sent;
    if (ec)
        failed_ = ended_ = true;
    return sent;
}

void buffered_stream::write(std::span<part const> parts) {
    if (unsent_)
        write_unsent();
    std::size_t offset = 0;  // the offset of the next write in the first of the parts
    while (!parts.empty() && !failed_ && !unsent_) {
        auto sent = write_some(parts, offset);
        bool const nothing = sent == 0;
        while (!parts.empty() && sent >= parts.front().bytes.size() - offset) {
            sent -= parts.front().bytes.size() - std::exchange(offset, 0);
            parts = parts.subspan(1);
        }
        offset += sent;
        if (nothing)
            break;
    }
    if (!failed_)
        keep_unsent(parts, offset);
}

buffered_stream::taken buffered_stream::write_frames(std::span<asio::const_buffer const> pieces,
                                                     std::size_t pieces_each) {
    taken done;
    std::size_t const most = net::stream::max_pieces / pieces_each * pieces_each;
    while (!pieces.empty() && !failed_ && !unsent_) {
        auto const some = pieces.first(std::min(pieces.size(), most));
        auto sent = write_some(some);
        std::size_t whole = 0;
        std::size_t in_frame = 0;  // bytes sent of the current frame
        while (whole < some.size() && sent >= some[whole].size()) {
            sent -= some[whole].size();
            in_frame += some[whole].size();
            if (++whole % pieces_each == 0)
                in_frame = 0;
        }
        done.frames += whole / pieces_each;
        if (whole < some.size()) {
            // A partially written frame has to be completed; one of which nothing was written can be generated again
            // later.
            done.of_next = in_frame + sent;
            break;
        }
        pieces = pieces.subspan(some.size());
    }
    return done;
}

void buffered_stream::keep_unsent(std::span<part const> parts, std::size_t offset) {
    for (; !parts.empty(); parts = parts.subspan(1)) {
        auto rest = parts.front();
        auto const gone = std::min(offset, rest.bytes.size());
        rest.bytes.remove_prefix(gone);
        offset -= gone;
        if (rest.bytes.empty())
            continue;
        if (!unsent_)
            unsent_ = std::make_unique<output>();
        if (!rest.owner) {
            auto copy = std::make_shared<std::string const>(rest.bytes);
            rest.bytes = *copy;
            rest.owner = std::move(copy);
            unsent_->copied += rest.bytes.size();
        }
        unsent_->parts.push_back(std::move(rest));
    }
}

void buffered_stream::write_unsent() {
    auto const rest = std::exchange(unsent_, nullptr);
    write(rest->parts);
    if (unsent_)
        unsent_->copied += rest->copied;
}

void buffered_stream::drop_kept() noexcept {
    kept_.reset();
    unsent_.reset();
}

void buffered_stream::close() noexcept {
    stream_.close();
    ended_ = failed_ = true;
}

}  // namespace anteroom::http
