#include <anteroom/base/text.hpp>
#include <anteroom/client/response.hpp>
#include <anteroom/client/json_reader.hpp>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace anteroom::client {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

// Beast's parser calls these as it understands; what it finds goes straight into the answer.
struct answer_parser::state final : http::basic_parser<false> {
    state() {
        eager(true);
        body_limit(boost::none);
        header_limit(256U << 10U);
    }

    answer out;

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

std::string_view answer::field(std::string_view name) const noexcept {
    for (auto const& [each, value] : fields) {
        if (iequals(each, name))
            return value;
    }
    return {};
}

answer_parser::answer_parser() : state_(std::make_unique<state>()) {}
answer_parser::~answer_parser() = default;
answer_parser::answer_parser(answer_parser&&) noexcept = default;
answer_parser& answer_parser::operator=(answer_parser&&) noexcept = default;

bool answer_parser::feed(std::string& bytes) {
    std::size_t used = 0;
    while (!state_->is_done() && used < bytes.size()) {
        error_code ec;
        auto const more = state_->put(boost::asio::buffer(bytes.data() + used, bytes.size() - used), ec);
        used += more;
        if (ec == http::error::need_more || (!ec && more == 0))
            break;
        if (ec)
            return false;
    }
    bytes.erase(0, used);
    return true;
}

bool answer_parser::feed_end() {
    error_code ec;
    if (state_->got_some() && !state_->is_done())
        state_->put_eof(ec);
    return !ec && state_->is_done();
}

bool answer_parser::has_head() const {
    return state_->is_header_done();
}

bool answer_parser::complete() const {
    return state_->is_done();
}

bool answer_parser::keep_alive() const {
    return state_->is_done() && state_->keep_alive();
}

answer& answer_parser::got() {
    return state_->out;
}

std::chrono::milliseconds retry_after(answer const& of) noexcept {
    auto const seconds = parse_decimal(trim(of.field("Retry-After")));
    return std::chrono::seconds(std::min<std::uint64_t>(seconds.value_or(0), 3600));
}

verdict judge(answer const& of) {
    verdict out;
    if (of.status >= 200 && of.status < 300)
        return out;
    std::string what;
    json_walk problem(of.body);
    if (problem.enter('{')) {
        while (problem.next()) {
            if (problem.name() == "detail")
                what = json_string(problem.value()).value_or("");
        }
    }
    if (what.empty())
        what = std::string(http::obsolete_reason(http::int_to_status(static_cast<unsigned>(of.status))));
    static constexpr int passing[] = {408, 425, 429, 500, 502, 503, 504};
    bool const again = std::ranges::find(passing, of.status) != std::end(passing);
    out.what = again ? verdict::action::again : verdict::action::give_up;
    out.after = retry_after(of);
    out.why = error(again ? errc::unreachable : errc::refused,
                    fmt::format("the server answered {}: {}", of.status, what), of.status);
    return out;
}

}  // namespace anteroom::client
