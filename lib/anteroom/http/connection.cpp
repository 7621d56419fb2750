#include <anteroom/http/connection.hpp>

#include <boost/asio/post.hpp>

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace anteroom::http {

namespace {

// Pieces to one system call.
constexpr std::size_t max_pieces = 64;
// Up to so many parts are handed to the kernel as they are.
constexpr std::size_t few_pieces = 8;
// What is copied into one piece.
constexpr std::size_t small_write = 1024;

}  // namespace

connection::connection(worker& at, int socket) : worker_(at), socket_(socket) {
    if (!worker_.sockets().add(socket_, *this))
        close();
}

connection::~connection() {
    close();
}

std::string_view connection::input() const noexcept {
    return buffer_ ? buffer_->content() : kept_ ? std::string_view(*kept_) : std::string_view();
}

void connection::consume(std::size_t size) noexcept {
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

bool connection::receive(bool anyway) {
    if ((!readable_ && !anyway) || ended_)
        return false;
    if (!buffer_)
        buffer_ = worker_.borrow_buffer();
    if (kept_) {
        buffer_->append(*kept_);
        kept_.reset();
    }
    auto const room = buffer_->make_room();
    auto const got = room.empty() ? 0 : ::recv(socket_, room.data(), room.size(), 0);
    if (got > 0) {
        buffer_->end += static_cast<std::size_t>(got);
        // Less than there was room for was all there was (epoll(7)), unless the end of the input is behind it.
        readable_ = static_cast<std::size_t>(got) == room.size() || peer_closed_;
    } else if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        readable_ = errno == EINTR;
    } else if (!room.empty()) {
        ended_ = true;
    }
    if (buffer_->content().empty())
        worker_.give_back(std::move(buffer_));
    return got > 0;
}

void connection::keep_input() {
    if (!buffer_)
        return;
    kept_ = std::make_unique<std::string>(buffer_->content());
    worker_.give_back(std::move(buffer_));
}

void connection::ready(readiness what) {
    readable_ = readable_ || what.readable;
    peer_closed_ = peer_closed_ || what.hung_up;
    bool const wanted_came = wanted_ == wanted::input ? what.readable : wanted_ == wanted::output && what.writable;
    if (wanted_came) {
        wanted_ = wanted::nothing;
        came_ = true;
        std::exchange(waiting_, {})();
    } else if (what.hung_up) {
        hung_up();
    } else if (what.readable) {
        input_came();
    }
}

// Whether there is something to wait for.
bool connection::begin_wait(wanted what) {
    keep_input();
    came_ = false;
    if (socket_ < 0)
        return false;
    wanted_ = what;
    return true;
}

// Posted, since whoever cancels may be called by the coroutine that waits, or go on to use what that one ends.
void connection::cancel_wait() {
    wanted_ = wanted::nothing;
    if (waiting_)
        asio::post(worker_.home().io(), [waiting = std::exchange(waiting_, {})]() mutable { waiting(); });
}

std::size_t connection::write_some(std::span<part const> parts, std::size_t offset) {
    if (parts.size() > few_pieces)
        return write_joined(parts, offset);
    std::array<std::string_view, few_pieces> pieces;
    for (std::size_t i = 0; i < parts.size(); ++i)
        pieces[i] = parts[i].bytes.substr(std::exchange(offset, 0));
    return write_some(std::span(pieces).first(parts.size()));
}

// A list of messages is hundreds of small pieces, which cost the kernel more one by one than they do here.
std::size_t connection::write_joined(std::span<part const> parts, std::size_t offset) {
    auto joined = worker_.borrow_buffer();
    auto const room = joined->make_room();
    std::size_t size = 0;
    for (; !parts.empty() && size < room.size(); parts = parts.subspan(1)) {
        auto const some = parts.front().bytes.substr(std::exchange(offset, 0), room.size() - size);
        std::memcpy(room.data() + size, some.data(), some.size());
        size += some.size();
    }
    std::string_view const all(room.data(), size);
    auto const sent = write_some({&all, 1});
    worker_.give_back(std::move(joined));
    return sent;
}

std::size_t connection::write_some(std::span<std::string_view const> pieces) {
    std::array<iovec, max_pieces> vectors;
    std::array<char, small_write> small;
    std::size_t size = 0;
    for (auto const& each : pieces)
        size += each.size();
    msghdr message{};
    if (size <= small.size() && pieces.size() > 1) {
        // Copying a few hundred bytes costs less than having the kernel look at each piece.
        char* end = small.data();
        for (auto const& each : pieces)
            end = std::copy(each.begin(), each.end(), end);
    } else if (pieces.size() > 1) {
        // sendmsg() reads from the pieces only; the interface is older than const.
        for (std::size_t i = 0; i < pieces.size(); ++i)
            vectors[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
        message.msg_iov = vectors.data();
        message.msg_iovlen = pieces.size();
    }
    char const* const only = pieces.size() == 1 ? pieces.front().data() : small.data();
    for (;;) {
        auto const sent = message.msg_iovlen > 0 ? ::sendmsg(socket_, &message, MSG_NOSIGNAL)
                                                 : ::send(socket_, only, size, MSG_NOSIGNAL);
        if (sent >= 0) {
            bytes_sent_ += static_cast<std::uint64_t>(sent);
            return static_cast<std::size_t>(sent);
        }
        if (errno == EINTR)
            continue;
        if (errno != EAGAIN)
            failed_ = ended_ = true;
        return 0;
    }
}

void connection::write(std::span<part const> parts) {
    if (unsent_)
        write_unsent();
    std::size_t offset = 0;  // of what is written next, in the first of the parts
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

connection::taken connection::write_frames(std::span<std::string_view const> pieces, std::size_t pieces_each) {
    taken done;
    std::size_t const most = max_pieces / pieces_each * pieces_each;
    while (!pieces.empty() && !failed_ && !unsent_) {
        auto const some = pieces.first(std::min(pieces.size(), most));
        auto sent = write_some(some);
        std::size_t whole = 0;
        std::size_t in_frame = 0;  // bytes of the frame that is looked at
        while (whole < some.size() && sent >= some[whole].size()) {
            sent -= some[whole].size();
            in_frame += some[whole].size();
            if (++whole % pieces_each == 0)
                in_frame = 0;
        }
        done.frames += whole / pieces_each;
        if (whole < some.size()) {
            // A frame that went in part has to go on; one that did not begin can be made again when its turn comes.
            done.of_next = in_frame + sent;
            break;
        }
        pieces = pieces.subspan(some.size());
    }
    return done;
}

void connection::keep_unsent(std::span<part const> parts, std::size_t offset) {
    for (; !parts.empty(); parts = parts.subspan(1)) {
        auto rest = parts.front();
        auto const gone = std::min(offset, rest.bytes.size());
        rest.bytes.remove_prefix(gone);
        offset -= gone;
        if (rest.bytes.empty())
            continue;
        if (!rest.owner) {
            auto copy = std::make_shared<std::string const>(rest.bytes);
            rest.bytes = *copy;
            rest.owner = std::move(copy);
        }
        if (!unsent_)
            unsent_ = std::make_unique<std::vector<part>>();
        unsent_->push_back(std::move(rest));
    }
}

void connection::write_unsent() {
    auto const rest = std::exchange(unsent_, nullptr);
    write(*rest);
}

void connection::shutdown_send() noexcept {
    ::shutdown(socket_, SHUT_WR);
}

// Where there is no memory left even to post, there is nothing to be saved by going on.
void connection::close() noexcept {  // NOLINT(bugprone-exception-escape)
    if (socket_ < 0)
        return;
    worker_.sockets().remove(*this);
    ::close(std::exchange(socket_, -1));
    ended_ = failed_ = true;
    cancel_wait();
}

}  // namespace anteroom::http
