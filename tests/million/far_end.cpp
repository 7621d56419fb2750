#include "far_end.hpp"

#include <anteroom/http/session.hpp>

#include <array>
#include <stdexcept>

namespace anteroom::million {

void far_end::connect(house& to, client& who) {
    who_ = &who;
    end_.emplace(to.home.io());
    end_->observe(this);
    http::session::start<net::test_stream>(to.sessions, to.home.io(), *end_);
}

void far_end::send(std::string_view text) {
    asio::const_buffer const all(text.data(), text.size());
    net::error_code ec;
    auto const sent = end_->write_some({&all, 1}, ec);
    if (ec || sent < text.size())
        throw std::logic_error(
            "the server has closed the connection that something is to be sent on, or is not reading");
}

void far_end::hang_up() {
    end_->close();
}

void far_end::input_came() {
    std::array<char, 8192> bytes;  // more than any answer
    net::error_code ec;
    auto const got = end_->read_some(asio::buffer(bytes), ec);
    if (got > 0)
        who_->received(*this, {bytes.data(), got});
    if (!is_open() || !end_->peer_closed())
        return;
    end_->close();
    who_->closed(*this);
}

}  // namespace anteroom::million
