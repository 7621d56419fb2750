#include <anteroom/base/text.hpp>
#include <anteroom/client/json_reader.hpp>
#include <anteroom/client/response.hpp>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace anteroom::client {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

// Beast's parser calls these as it goes; what it finds is stored in the response directly.
struct response_parser::state final : http::basic_parser<false> {
    state() {
        eager(true);
        body_limit(boost::none);
        header_limit(256U << 10U);
    }

    response out;

  private:
    void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
    void on_response_impl(int code, string_view, int, error_code&) override { out.status = code; }
    void on_field_impl(http::field, string_view name, string_view value, error_code&) override {
        out.fields.emplace_back(std::string(name), std::string(value));
    }
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
    std::size_t on_body_impl(string_view bytes, error_code&) override {
        out.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code&) override {
        out.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }
    void on_finish_impl(error_code&) override {}
};

std::string_view response::field(std::string_view name) const noexcept {
    for (auto const& [each, value] : fields) {
        if (iequals(each, name))
            return value;
    }
    return {};
}

response_parser::response_parser() : state_(std::make_unique<state>()) {}
response_parser::~response_parser() = default;
response_parser::response_parser(response_parser&&) noexcept = default;
response_parser& response_parser::operator=(response_parser&&) noexcept = default;

bool response_parser::feed(std::string& bytes) {
    std::size_t used = 0;
    while (!state_->is_done() && used < bytes.size()) {
        error_code ec;
        auto const more = state_->put(boost::asio::buffer(bytes.data() + used, bytes.size() - used), ec);
        used += more;
        if (ec == http::error::need_more || (!ec && more == 0))
            break;
        if (ec)
            return false;
        auto const status = state_->out.status;
        if (state_->is_done() && status >= 100 && status < 200 && status != 101)
            state_ = std::make_unique<state>();
    }
    bytes.erase(0, used);
    return true;
}

bool response_parser::feed_end() {
    error_code ec;
    if (state_->got_some() && !state_->is_done())
        state_->put_eof(ec);
    return !ec && state_->is_done();
}

bool response_parser::has_head() const {
    return state_->is_header_done();
}

bool response_parser::complete() const {
    return state_->is_done();
}

bool response_parser::keep_alive() const {
    return state_->is_done() && state_->keep_alive();
}

response& response_parser::received() {
    return state_->out;
}

std::chrono::milliseconds retry_after(response const& of) noexcept {
    auto const seconds = parse_decimal(trim(of.field("Retry-After")));
    return std::chrono::seconds(std::min<std::uint64_t>(seconds.value_or(0), 3600));
}

outcome evaluate(response const& of) {
    outcome out;
    if (of.status >= 200 && of.status < 300)
        return out;
    std::string detail;
    json_reader problem(of.body);
    if (problem.enter('{')) {
        while (problem.next()) {
            if (problem.name() == "detail")
                detail = json_string(problem.value()).value_or("");
        }
    }
    if (detail.empty())
        detail = std::string(http::obsolete_reason(http::int_to_status(static_cast<unsigned>(of.status))));
    static constexpr int transient[] = {408, 425, 429, 500, 502, 503, 504};
    bool const retry = std::ranges::find(transient, of.status) != std::end(transient);
    out.what = retry ? outcome::action::retry : outcome::action::give_up;
    out.retry_after = retry_after(of);
    out.why = error(retry ? errc::unreachable : errc::refused,
                    fmt::format("the server answered {}: {}", of.status, detail), of.status);
    return out;
}

}  // namespace anteroom::client
