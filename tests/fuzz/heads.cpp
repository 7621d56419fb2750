// Heads: where one ends, and that a cached header gives the request that the parser gives.
#include "input.hpp"
#include <anteroom/http/head_cache.hpp>
#include <anteroom/http/request_parser.hpp>

#include <string>

using namespace anteroom;
using namespace anteroom::fuzz;
using namespace anteroom::http;

namespace {

constexpr std::uint64_t max_body = 1000;

// Caches the header of a head, if it may be cached.
void remember(head_cache& in, std::string const& head) {
    request_parser parser(max_body);
    boost::system::error_code ec;
    parser.parse_head(head, ec);
    if (!ec)
        in.remember(parser);
}

bool is_head(std::string_view text) {
    request_parser parser(max_body);
    boost::system::error_code ec;
    parser.parse_head(text, ec);
    return !ec;
}

void check_same(head_cache::found const& found, std::string_view head) {
    request_parser parser(max_body);
    boost::system::error_code ec;
    parser.parse_head(head, ec);
    check(!ec, "a head that was found is one");
    auto const& fresh = parser.get();
    check(found.size == head.size(), "it ends where the parser's does");
    check(found.method == fresh.method && found.method_text == fresh.method_text, "the same method");
    check(found.target == fresh.target, "the same target");
    check(fresh.version == 11, "the same version");
    for (std::size_t i = 0; i < header_count; ++i)
        check(found.fields->values[i] == fresh.fields->values[i], "the same fields");
    check(found.fields->keep_alive == parser.keep_alive(), "the same persistence");
    check(!parser.is_chunked() && found.fields->body_size == parser.length(), "the same body");
    check(parser.is_done() == (found.fields->body_size.value_or(0) == 0), "a body if there is one");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = as_text(data, size);
    auto const extent = find_head(input);
    if (extent.found != head_extent::state::complete) {
        // Nothing of what is no head yet makes it one.
        for (std::size_t i = 0; i < std::min<std::size_t>(input.size(), 64); ++i)
            check(find_head(input.substr(0, i)).found != head_extent::state::complete, "a longer input has its head");
        return 0;
    }
    auto const head = input.substr(0, extent.size);
    bool const valid = is_head(head);
    // As it comes byte by byte.
    for (std::size_t i = 0; i < head.size(); ++i) {
        auto const sooner = find_head(head.substr(0, i));
        if (sooner.found == head_extent::state::complete) {
            check(!valid && !is_head(head.substr(0, sooner.size)), "a head that ends sooner is none");
            break;
        }
        check(sooner.found == head_extent::state::incomplete || !valid, "a valid head is not too long");
    }

    head_cache heads;
    auto const line = head.find("\r\n");
    auto const block = line == head.npos ? std::string() : std::string(head.substr(line + 2));
    remember(heads, "GET /before HTTP/1.1\r\nHost: a\r\n\r\n");
    remember(heads, "GET /before HTTP/1.1\r\n" + block);
    remember(heads, "POST /before HTTP/1.1\r\n" + block.substr(std::min(block.find('\n'), block.size() - 1) + 1));
    if (auto const found = heads.find(input))
        check_same(found, head);
    return 0;
}
