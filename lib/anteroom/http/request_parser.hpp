// Parses bytes into a request (RFC 9112) with Beast's parser, and keeps only the fields that are read.
#pragma once

#include <anteroom/http/chunked_body.hpp>
#include <anteroom/http/request_pool.hpp>

#include <boost/beast/http/basic_parser.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace anteroom::http {

/// RFC 9112, 3: at least 8,000 octets of request line should be supported; a hundred rooms may take more.
inline constexpr std::size_t max_request_line = 15'000;
/// The limit on all fields together.
inline constexpr std::size_t max_header = 16 * 1024;

/// The result of looking for the head of a request in the input.
struct head_extent {
    enum class state { incomplete, complete, line_too_long, fields_too_long };
    state found = state::incomplete;
    std::size_t size = 0;  // of the head with its empty line, if complete
};

/// Finds the end of a head without parsing it. Pure function.
head_extent find_head(std::string_view input) noexcept;

/// What is known of the header of a head that is refused before it is whole, because it is too long: its Origin, if
/// that is in it. A view of `input`.
header_fields fields_of_refused(std::string_view input);

/// Whether a head's request line ends with a version of HTTP, whichever: the request is of an unsupported version, not
/// malformed. Pure function.
bool names_version(std::string_view head) noexcept;

/// Parses one request, which owns its bytes from then on: the input need not outlive the call. Beast reads the head; a
/// chunked body is read by chunked_body, whose errors come with the byte that is wrong.
class request_parser : private boost::beast::http::basic_parser<true> {
    using base = boost::beast::http::basic_parser<true>;

  public:
    /// `max_body`: of a message; what that means for the body is body_limit(). A longer body is the error of that name,
    /// reported already by parse_head() if the head gives its length.
    explicit request_parser(std::uint64_t max_body, request_ptr into = make_request());

    /// Parses a complete head (see find_head()). Errors are Beast's, or a request_error.
    void parse_head(std::string_view head, boost::system::error_code& ec);

    /// Parses the part of the body that has arrived and returns how many bytes were consumed; call again, with the rest
    /// and more input, until is_done().
    std::size_t parse_body(std::string_view input, boost::system::error_code& ec);

    bool is_done() const { return chunks_ ? chunks_->is_done() : base::is_done(); }
    bool is_chunked() const { return base::chunked(); }
    bool keep_alive() const { return fields_->keep_alive; }
    /// The memory that the request takes, in bytes.
    std::size_t memory() const noexcept;
    /// The Content-Length, if the head has one.
    std::optional<std::uint64_t> length() const;

    /// The request, as far as it was parsed; its body is complete when is_done().
    request const& get();
    /// Lends the request while its body is incomplete; must be given back before anything else.
    request_ptr lend() { return std::move(request_); }
    void give_back(request_ptr lent) noexcept { request_ = std::move(lent); }
    /// Releases the request; the parser must not be used afterwards.
    request_ptr take();
    /// Its header, for a head_cache, which documents what may be cached.
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
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override { return body.size(); }
    void on_finish_impl(error_code&) override {}

    void read_codings(string_view value) noexcept;
    void set_value(header which, string_view value, error_code& ec);
    void check_framing(error_code& ec);

    std::uint64_t max_body_;
    request_ptr request_;
    boost::intrusive_ptr<header_fields> fields_;
    std::optional<chunked_body> chunks_;
    bool has_codings_ = false;     // there is a Transfer-Encoding
    bool chunked_last_ = false;    // its last coding is chunked,
    bool chunked_before_ = false;  // an earlier one is
    bool other_coding_ = false;    // or one is that is not supported
};

}  // namespace anteroom::http
