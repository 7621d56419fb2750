// Turns bytes into a request (RFC 9112), on Beast's parser, and keeps only the fields that are read.
#pragma once

#include <anteroom/http/request_pool.hpp>

#include <boost/beast/http/basic_parser.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace anteroom::http {

/// RFC 9112, 3: at least 8,000 octets of request line should be understood; a hundred rooms may take more.
inline constexpr std::size_t max_request_line = 15'000;
/// Of the fields together.
inline constexpr std::size_t max_header = 16 * 1024;

/// Where the head of a request stands in the input.
struct head_extent {
    enum class state { incomplete, complete, line_too_long, fields_too_long };
    state found = state::incomplete;
    std::size_t size = 0;  // of the head with its empty line, if complete
};

/// Looks for the end of a head without parsing it. Pure.
head_extent find_head(std::string_view input) noexcept;

/// Whether a head's request line ends in a version of HTTP, whichever: a request that is not spoken here, and not
/// nonsense. Pure.
bool names_version(std::string_view head) noexcept;

/// Parses one request, which owns its bytes from then on: nothing of what is passed in has to stay where it is.
class request_parser : private boost::beast::http::basic_parser<true> {
    using base = boost::beast::http::basic_parser<true>;

  public:
    /// `max_body`: a longer body is the error `body_limit`, already in the head if it says so there.
    explicit request_parser(std::uint64_t max_body, request_ptr into = make_request());

    /// Parses a complete head (see find_head()).
    void parse_head(std::string_view head, boost::system::error_code& ec);

    /// Parses what has come of the body and returns how many bytes of it were used; call again, with what was not used
    /// and more, until is_done().
    std::size_t parse_body(std::string_view input, boost::system::error_code& ec);

    bool is_done() const { return base::is_done(); }
    bool is_chunked() const { return base::chunked(); }
    bool keep_alive() const { return base::keep_alive(); }
    /// The length that the head gives, if it gives one.
    std::optional<std::uint64_t> length() const;

    /// The request, as far as it was parsed; its body is there when the parser is done.
    request const& get();
    /// The same for good; the parser is of no use afterwards.
    request_ptr take();
    /// Its header, for a head_cache: see there for what may be kept.
    boost::intrusive_ptr<header_fields> const& fields() const noexcept { return fields_; }

  private:
    using string_view = boost::beast::string_view;
    using error_code = boost::beast::error_code;

    void on_request_impl(verb method, string_view method_text, string_view target, int version, error_code&) override;
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(boost::beast::http::field, string_view name, string_view value, error_code& ec) override;
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
    std::size_t on_body_impl(string_view body, error_code&) override;
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t remain, string_view body, error_code&) override;
    void on_finish_impl(error_code&) override {}

    request_ptr request_;
    boost::intrusive_ptr<header_fields> fields_;
    bool hosts_differ_ = false;
};

}  // namespace anteroom::http
