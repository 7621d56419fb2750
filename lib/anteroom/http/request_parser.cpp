#include <anteroom/base/text.hpp>
#include <anteroom/http/request_parser.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <functional>
#include <utility>

namespace anteroom::http {

namespace beast_http = boost::beast::http;

head_extent find_head(std::string_view input) noexcept {
    using state = head_extent::state;
    auto const line = std::min(input.find('\n'), input.size());
    if (line > max_request_line)
        return {state::line_too_long, 0};
    auto end = input.find("\r\n\r\n");
    auto length = std::size_t{4};
    // Lines that end in a bare LF are not HTTP; they count as a head so that the parser can reject it at once.
    if (end == input.npos) {
        end = input.find("\n\n");
        length = 2;
    }
    if (std::min(end, input.size()) > line + max_header)
        return {state::fields_too_long, 0};
    if (end == input.npos)
        return {};
    return {state::complete, end + length};
}

bool names_version(std::string_view head) noexcept {
    auto const line = head.substr(0, head.find('\r'));
    auto const first = line.find(' ');
    auto const second = line.find(' ', first == line.npos ? first : first + 1);
    auto const version = second == line.npos ? std::string_view() : line.substr(second + 1);
    auto const digit = [](char c) { return c >= '0' && c <= '9'; };
    return version.size() == 8 && version.starts_with("HTTP/") && digit(version[5]) && version[6] == '.' &&
           digit(version[7]);
}

header_fields fields_of_refused(std::string_view input) {
    header_fields out;
    while (!input.empty()) {
        auto const end = std::min(input.find('\n'), input.size());
        auto line = input.substr(0, end);
        input.remove_prefix(std::min(end + 1, input.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        auto const colon = line.find(':');
        if (colon != line.npos && iequals(line.substr(0, colon), "Origin"))
            out.values[static_cast<std::size_t>(header::origin)] = trim(line.substr(colon + 1));
    }
    return out;
}

request_parser::request_parser(std::uint64_t max_body, request_ptr into) : request_(std::move(into)) {
    base::eager(true);
    base::body_limit(max_body);
    base::header_limit(static_cast<std::uint32_t>(max_request_line + max_header + 1024));
}

void request_parser::parse_head(std::string_view head, boost::system::error_code& ec) {
    fields_.reset(new header_fields);
    request_->fields = fields_;
    auto& bytes = fields_->bytes;
    bytes = head;
    base::put(boost::asio::buffer(bytes), ec);
    if (ec == beast_http::error::need_more)
        ec = base::is_header_done() ? boost::system::error_code() : make_error_code(beast_http::error::bad_line_ending);
    if (ec)
        return;
    // RFC 9112, 3.2: an HTTP/1.1 request has exactly one Host field.
    if (hosts_differ_ || (request_->version == 11 && !request_->get(header::host)))
        ec = beast_http::error::bad_field;
    // RFC 9112, 6.1: HTTP/1.0 has no transfer codings; a request with one may be an attempt at request smuggling.
    if (request_->version == 10 && base::chunked())
        ec = beast_http::error::bad_transfer_encoding;
    fields_->line_size = std::min(bytes.find("\r\n"), bytes.size() - 2) + 2;
    fields_->body_size = length();
    fields_->keep_alive = keep_alive();
}

std::size_t request_parser::parse_body(std::string_view input, boost::system::error_code& ec) {
    if (input.empty() || is_done())
        return 0;
    // Beast asserts that the last chunk has at least 5 bytes once it has begun to parse it; a valid one never has
    // fewer.
    if (is_chunked() && input.size() < 5)
        return 0;
    auto const used = base::put(boost::asio::buffer(input), ec);
    if (ec == beast_http::error::need_more)
        ec = {};
    return used;
}

std::size_t request_parser::memory() const noexcept {
    return sizeof(*this) + sizeof(request) + sizeof(header_fields) + fields_->bytes.capacity() +
           request_->bytes.capacity();
}

std::optional<std::uint64_t> request_parser::length() const {
    auto const given = base::content_length();
    return given ? std::optional<std::uint64_t>(*given) : std::nullopt;
}

request const& request_parser::get() {
    request_->body = request_->bytes;
    return *request_;
}

request_ptr request_parser::take() {
    request_->body = request_->bytes;
    return std::move(request_);
}

void request_parser::on_request_impl(verb method, string_view method_text, string_view target, int version,
                                     error_code&) {
    request_->method = method;
    request_->method_text = method_text;
    request_->target = target;
    request_->version = version;
}

void request_parser::on_field_impl(beast_http::field which, string_view name, string_view value, error_code& ec) {
    // No coding except chunked is supported, and guessing at others enables request smuggling (RFC 9112, 6.1).
    if (which == beast_http::field::transfer_encoding && !iequals(trim({value.data(), value.size()}), "chunked")) {
        ec = beast_http::error::bad_transfer_encoding;
        return;
    }
    auto const known = find_header(name);
    if (!known)
        return;
    // A folded value is not contiguous in the head; RFC 9112, 5.2 lets a server reject it.
    auto const& bytes = fields_->bytes;
    std::less_equal<> const before_or_at;
    if (!value.empty() && !(before_or_at(bytes.data(), value.data()) &&
                            before_or_at(value.data() + value.size(), bytes.data() + bytes.size()))) {
        ec = beast_http::error::bad_obs_fold;
        return;
    }
    auto& slot = fields_->values[static_cast<std::size_t>(*known)];
    if (*known == header::host && slot)
        hosts_differ_ = true;
    bool const is_list = *known == header::accept || *known == header::connection || *known == header::upgrade ||
                         *known == header::sec_websocket_extensions || *known == header::forwarded ||
                         *known == header::x_forwarded_host || *known == header::x_forwarded_proto;
    // Browsers send one of each; of more, none must be overlooked (see admission).
    bool const is_of_browser = *known == header::origin || *known == header::sec_fetch_site;
    if ((is_list || is_of_browser) && slot) {
        // RFC 9110, 5.3: a list may be sent in several lines.
        slot = fields_->joined.emplace_front(std::string(*slot).append(", ").append(value));
        return;
    }
    slot = value;
}

std::size_t request_parser::on_body_impl(string_view body, error_code&) {
    request_->bytes.append(body);
    return body.size();
}

std::size_t request_parser::on_chunk_body_impl(std::uint64_t, string_view body, error_code& ec) {
    return on_body_impl(body, ec);
}

}  // namespace anteroom::http
