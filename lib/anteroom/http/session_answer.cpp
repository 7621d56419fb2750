// The response half of a session: heads, streams, and the access log.
#include <anteroom/base/log.hpp>
#include <anteroom/http/session.hpp>
#include <anteroom/http/session_parts.hpp>

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <utility>

namespace anteroom::http {

namespace {

using std::string_view_literals::operator""sv;

// Views, so that no length has to be computed.
constexpr auto crlf = "\r\n"sv;

void append_content_length(std::string& head, std::size_t size) {
    fmt::format_int const digits(size);
    head.append("Content-Length: "sv).append(digits.data(), digits.size()).append(crlf);
}

}  // namespace

std::string_view session::connection_field() noexcept {
    if (is_last())
        return "Connection: close\r\n";
    return http_1_0_ ? "Connection: keep-alive\r\n" : "";
}

void session::send(response const& answer) {
    send(answer.status, answer.fields, answer.owner ? answer.shared_body : std::string_view(answer.body), answer.owner);
}

void session::send(unsigned status, std::string_view fields, std::string_view body,
                   std::shared_ptr<void const> const& owner) {
    auto& head = this->owner().scratch();
    head = this->owner().status_line(status);
    head += connection_field();
    head += fields;
    if (more_fields_)
        head += *more_fields_;
    // RFC 9110, 8.6: no Content-Length if there can be no body.
    if (status != 204 && status != 304)
        append_content_length(head, body.size());
    head += crlf;
    std::array<part, 2> const parts{part{head}, part{body, owner}};
    write(std::span(parts).first(head_only_ || body.empty() ? 1 : 2));
    note(status);
}

void session::send(std::string_view fields, std::span<part> parts) {
    auto& head = parts.front().bytes;
    head = owner().status_line(200);
    std::string longer;
    if (auto const field = connection_field(); !field.empty() || !fields.empty() || more_fields_) {
        longer.append(head).append(field).append(fields).append(more_fields_ ? *more_fields_ : "");
        head = longer;
    }
    write(head_only_ ? parts.first(2) : parts);
    note(200);
}

void session::add_fields(std::string_view fields) {
    if (!more_fields_)
        more_fields_ = std::make_unique<std::string>();
    *more_fields_ += fields;
}

void session::begin_stream(std::string_view fields) {
    shard().count(counter::streams);
    begin_body(fields);
}

void session::begin_body(std::string_view fields) {
    if (http_1_0_)
        keep_alive_ = false;
    std::string head(owner().status_line(200));
    head.append(connection_field()).append(fields).append(more_fields_ ? *more_fields_ : "");
    more_fields_.reset();
    head += chunked() ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n";
    part const whole{head};
    write({&whole, 1});
    note(200);
}

void session::end_stream() {
    if (!chunked())
        return;
    part const last{"0\r\n\r\n"};
    write({&last, 1});
}

void session::upgrade(std::string_view fields) {
    keep_alive_ = false;
    upgraded_ = true;
    shard().count(counter::streams);
    std::string head(owner().status_line(101));
    head.append(fields).append("\r\n");
    part const whole{head};
    write({&whole, 1});
    note(101);
}

void session::begin_record(std::string_view method, std::string_view target) {
    if (!owner().settings().access_log)
        return;
    record_ = std::make_unique<record>();
    record_->method = method;
    record_->target = target;
    record_->sent_before = bytes_sent();
}

void session::note(unsigned status) {
    shard().count(status < 400 ? counter::answers_2xx : status < 500 ? counter::answers_4xx : counter::answers_5xx);
    if (record_)
        record_->status = status;
}

void session::log_access() {
    if (!record_)
        return;
    auto const done = std::exchange(record_, nullptr);
    auto const bytes = bytes_sent() - done->sent_before;
    auto const took = steady_now() - done->begun;
    // A target may contain bytes that a terminal or a JSON parser cannot handle.
    std::string target;
    for (char const c : done->target) {
        if (c > 0x20 && c < 0x7F && c != '"' && c != '\\')
            target += c;
        else
            fmt::format_to(std::back_inserter(target), "%{:02X}", static_cast<unsigned char>(c));
    }
    log::access(fmt::format("{} {} {} {} {}ms", done->method, target, done->status, bytes, took),
                fmt::format(R"("method":"{}","target":"{}","status":{},"bytes":{},"ms":{})", done->method, target,
                            done->status, bytes, took));
}

}  // namespace anteroom::http
