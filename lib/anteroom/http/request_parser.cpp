#include <anteroom/base/text.hpp>
#include <anteroom/http/body_limit.hpp>
#include <anteroom/http/request_error.hpp>
#include <anteroom/http/request_parser.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <functional>
#include <utility>

namespace anteroom::http {

namespace beast_http = boost::beast::http;

namespace {

// A character of a token (RFC 9110, 5.6.2).
bool begins_method(char c) noexcept {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || marks.find(c) != marks.npos;
}

// RFC 9110, 2.5: a request of a later minor version is processed as one of the highest that is spoken here.
void lower_minor_version(std::string& head) noexcept {
    constexpr std::string_view later = " HTTP/1.";
    auto const end = head.find("\r\n");
    if (end == head.npos || end < later.size() + 1 || head.compare(end - later.size() - 1, later.size(), later) != 0)
        return;
    if (auto& digit = head[end - 1]; digit >= '2' && digit <= '9')
        digit = '1';
}

}  // namespace

head_extent find_head(std::string_view input) noexcept {
    using state = head_extent::state;
    auto const line = std::min(input.find('\n'), input.size());
    if (line > max_request_line)
        return {state::line_too_long, 0};
    // What is no HTTP counts as a head, so that the parser rejects it at once instead of waiting for the rest: a first
    // byte that begins no method, a line that ends in a bare LF (the first line, or an empty one), a CR without its LF
    // at the beginning of a line.
    if (!input.empty() && !begins_method(input.front()))
        return {state::complete, 1};
    if (line < input.size() && !input.substr(0, line).ends_with('\r'))
        return {state::complete, line + 1};
    // Usually the LF is that of CR LF.
    auto end = input.find("\n\r");
    auto length = std::size_t{3};
    if (end == input.npos || end + 2 == input.size()) {
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

request_parser::request_parser(std::uint64_t max_body, request_ptr into)
    : max_body_(max_body), request_(std::move(into)) {
    base::eager(true);
    base::body_limit(max_encoded(max_body));
    base::header_limit(static_cast<std::uint32_t>(max_request_line + max_header + 1024));
}

void request_parser::parse_head(std::string_view head, boost::system::error_code& ec) {
    fields_.reset(new header_fields);
    request_->fields = fields_;
    auto& bytes = fields_->bytes;
    bytes = head;
    lower_minor_version(bytes);
    base::put(boost::asio::buffer(bytes), ec);
    if (ec == beast_http::error::need_more)
        ec = base::is_header_done() ? boost::system::error_code() : make_error_code(beast_http::error::bad_line_ending);
    if (ec)
        return;
    // RFC 9112, 3.2: an HTTP/1.1 request has exactly one Host field.
    if (request_->version == 11 && !request_->get(header::host))
        ec = beast_http::error::bad_field;
    else
        check_framing(ec);
    fields_->line_size = std::min(bytes.find("\r\n"), bytes.size() - 2) + 2;
    fields_->body_size = length();
    // RFC 9112, 9.3: `close` counts in any version.
    fields_->keep_alive = base::keep_alive() && !has_element(request_->get(header::connection).value_or(""), "close");
}

void request_parser::check_framing(boost::system::error_code& ec) {
    // HTTP/1.0 has no transfer codings, and with any but chunked at the end the length of the body is not known
    // (RFC 9112, 6.1 and 6.3): such a request may be an attempt at request smuggling.
    bool const suspicious = has_codings_ && (request_->version == 10 || length() || chunked_before_ || !chunked_last_);
    if (!suspicious && other_coding_)
        ec = request_error::unknown_transfer_coding;
    else if (suspicious || has_codings_ != base::chunked())
        ec = beast_http::error::bad_transfer_encoding;
    auto const most = http::body_limit(*fields_, max_body_);
    if (!ec && length().value_or(0) > most)
        ec = beast_http::error::body_limit;
    if (base::chunked())
        chunks_.emplace(most);
}

std::size_t request_parser::parse_body(std::string_view input, boost::system::error_code& ec) {
    if (input.empty() || is_done())
        return 0;
    if (chunks_)
        return chunks_->read(input, request_->bytes, ec);
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
    auto const known = find_header(name);
    bool const is_coding = which == beast_http::field::transfer_encoding;
    if (!known && !is_coding && which != beast_http::field::content_length)
        return;
    // A folded value is not contiguous in the head, or there is a line's end before it; RFC 9112, 5.2 lets a server
    // reject it.
    auto const& bytes = fields_->bytes;
    std::less_equal<> const before_or_at;
    bool const contiguous = before_or_at(bytes.data(), value.data()) &&
                            before_or_at(value.data() + value.size(), bytes.data() + bytes.size());
    if (!value.empty() && (!contiguous || std::find(name.data() + name.size(), value.data(), '\n') != value.data())) {
        ec = beast_http::error::bad_obs_fold;
        return;
    }
    if (is_coding)
        read_codings(value);
    else if (known)
        set_value(*known, value, ec);
}

// Only the plain `chunked` is taken for what it is: guessing at anything else enables request smuggling.
void request_parser::read_codings(string_view value) noexcept {
    has_codings_ = true;
    bool const plain = iequals(trim({value.data(), value.size()}), "chunked");
    for_each_element({value.data(), value.size()}, [&](std::string_view coding) {
        chunked_before_ = chunked_before_ || chunked_last_;
        chunked_last_ = iequals(coding, "chunked");
        other_coding_ = other_coding_ || !plain;
    });
}

void request_parser::set_value(header which, string_view value, error_code& ec) {
    auto& slot = fields_->values[static_cast<std::size_t>(which)];
    if (!slot) {
        slot = value;
        return;
    }
    if (!is_list(which)) {
        ec = request_error::repeated_field;
        return;
    }
    // RFC 9110, 5.3: a list may be sent in several lines. A third line is appended to what the second was joined to.
    auto joined = std::find_if(fields_->joined.begin(), fields_->joined.end(),
                               [&](std::string const& each) { return each.data() == slot->data(); });
    auto& text = joined != fields_->joined.end() ? *joined : fields_->joined.emplace_front(*slot);
    slot = text.append(", ").append(value);
}

std::size_t request_parser::on_body_impl(string_view body, error_code&) {
    request_->bytes.append(body);
    return body.size();
}

}  // namespace anteroom::http
