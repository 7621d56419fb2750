#include <anteroom/http/chunked_body.hpp>
#include <anteroom/http/token.hpp>

#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace anteroom::http {

namespace {

using parse_error = boost::beast::http::error;

constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

constexpr int digit_value(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

std::size_t chunked_body::read(std::string_view input, std::string& into, boost::system::error_code& ec) {
    std::size_t used = 0;
    while (used < input.size() && !is_done() && !ec) {
        if (at_ != place::data) {
            read_line(input[used++], ec);
            continue;
        }
        auto const some = input.substr(used, static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size())));
        into.append(some);
        used += some.size();
        left_ -= some.size();
        if (left_ == 0)
            at_ = place::data_return;
    }
    return used;
}

void chunked_body::read_line(char c, boost::system::error_code& ec) {
    switch (at_) {
        case place::size_start:
        case place::size:
            read_size(c, ec);
            break;
        case place::line_feed:
            if (c == '\n')
                begin_chunk(ec);
            else
                ec = parse_error::bad_line_ending;
            break;
        case place::data_return:
        case place::data_feed:
            if (c != (at_ == place::data_return ? '\r' : '\n'))
                ec = parse_error::bad_chunk;
            at_ = at_ == place::data_return ? place::data_feed : place::size_start;
            left_ = 0;
            break;
        case place::trailer_start:
        case place::trailer_name:
        case place::trailer_value:
        case place::trailer_feed:
        case place::last_feed:
            read_trailer(c, ec);
            break;
        default:
            read_extension(c, ec);
    }
}

void chunked_body::read_size(char c, boost::system::error_code& ec) {
    if (auto const digit = digit_value(c); digit >= 0) {
        // Leading zeros do not end by themselves.
        if (left_ >> 60U != 0 || (left_ == 0 && at_ == place::size && ++dropped_ > max_dropped))
            ec = parse_error::bad_chunk;
        left_ = left_ << 4U | static_cast<unsigned>(digit);
        at_ = place::size;
    } else if (at_ == place::size_start || !continue_extension(c)) {
        ec = parse_error::bad_chunk;
    }
}

// What may follow a chunk's size, or the name or the value of an extension. Blanks are "bad white space", which must be
// understood, and only before a `;`.
bool chunked_body::continue_extension(char c) {
    if (c == '\r')
        at_ = place::line_feed;
    else if (c == ';')
        at_ = place::name_start;
    else if (is_blank(c))
        at_ = place::extension_blank;
    else
        return false;
    return true;
}

void chunked_body::read_extension(char c, boost::system::error_code& ec) {
    bool fits = ++dropped_ <= max_dropped;
    switch (at_) {
        case place::extension_blank:
            fits = fits && c != '\r' && continue_extension(c);
            break;
        case place::name_start:
        case place::value_start:
            if (is_blank(c))
                break;
            if (c == '"' && at_ == place::value_start) {
                at_ = place::quoted;
                break;
            }
            fits = fits && is_token_char(c);
            at_ = at_ == place::name_start ? place::name : place::value;
            break;
        case place::name:
        case place::name_blank:
            if (is_blank(c))
                at_ = place::name_blank;
            else if (c == '=')
                at_ = place::value_start;
            else if (at_ == place::name_blank)
                fits = fits && c == ';' && continue_extension(c);
            else
                fits = fits && (is_token_char(c) || continue_extension(c));
            break;
        case place::value:
            fits = fits && (is_token_char(c) || continue_extension(c));
            break;
        case place::quoted:
            fits = fits && is_quotable(c);
            if (c == '"')
                at_ = place::quoted_end;
            else if (c == '\\')
                at_ = place::escaped;
            break;
        case place::escaped:
            fits = fits && is_quotable(c);
            at_ = place::quoted;
            break;
        default:
            fits = fits && continue_extension(c);
    }
    if (!fits)
        ec = parse_error::bad_chunk_extension;
}

void chunked_body::begin_chunk(boost::system::error_code& ec) {
    if (left_ == 0) {
        at_ = place::trailer_start;
        dropped_ = 0;
        return;
    }
    if (left_ > room_)
        ec = parse_error::body_limit;
    room_ -= std::min(room_, left_);
    at_ = place::data;
}

void chunked_body::read_trailer(char c, boost::system::error_code& ec) {
    if (++dropped_ > max_dropped)
        ec = parse_error::header_limit;
    switch (at_) {
        case place::trailer_start:
            if (c == '\r')
                at_ = place::last_feed;
            else if (is_token_char(c))
                at_ = place::trailer_name;
            else
                ec = is_blank(c) ? parse_error::bad_obs_fold : parse_error::bad_field;
            break;
        case place::trailer_name:
            if (c == ':')
                at_ = place::trailer_value;
            else if (!is_token_char(c))
                ec = parse_error::bad_field;
            break;
        case place::trailer_value:
            if (c == '\r')
                at_ = place::trailer_feed;
            else if (!is_quotable(c))
                ec = parse_error::bad_value;
            break;
        default:
            if (c == '\n')
                at_ = at_ == place::trailer_feed ? place::trailer_start : place::done;
            else
                ec = parse_error::bad_line_ending;
    }
}

}  // namespace anteroom::http
