// Bodies with a length or in chunks: in any split they are the same body, or the same fault.
#include "input.hpp"
#include <anteroom/http/request_parser.hpp>

#include <string>

using namespace anteroom;
using namespace anteroom::fuzz;
using namespace anteroom::http;

namespace {

struct outcome {
    std::string body;
    std::size_t rest = 0;  // bytes that belong to the next request
    bool done = false;
    bool failed = false;

    friend bool operator==(outcome const&, outcome const&) = default;
};

// As a session receives it: what is not consumed is passed again with more.
outcome receive(std::string_view head, std::string_view input, pieces in) {
    outcome out;
    boost::system::error_code ec;
    request_parser parser(200);
    parser.parse_head(head, ec);
    std::size_t begin = 0;
    std::size_t end = 0;
    while (!ec && !parser.is_done() && end < input.size()) {
        end += in.next(input.size() - end);
        // A copy, so that a sanitizer sees what reads beyond it, or later.
        std::string const part(input.substr(begin, end - begin));
        begin += parser.parse_body(part, ec);
        check(begin <= end, "no more is consumed than there is");
    }
    out.failed = ec.failed();
    out.done = !ec && parser.is_done();
    if (out.done) {
        out.body = parser.get().body;
        out.rest = input.size() - begin;
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto input = as_text(data, size);
    auto const some = pieces::of(take_byte(input));
    auto const extent = find_head(input);
    if (extent.found != head_extent::state::complete)
        return 0;
    auto const head = input.substr(0, extent.size);
    auto const body = input.substr(extent.size);
    auto const whole = receive(head, body, pieces::whole());
    check(whole == receive(head, body, some), "the same body in pieces");
    check(whole == receive(head, body, {1}), "the same body byte by byte");
    // What follows a body changes nothing of it.
    if (whole.done) {
        auto const more = receive(head, std::string(body) + "GET / HTTP/1.1\r\n\r\n", pieces::whole());
        check(more.done && more.body == whole.body && more.rest == whole.rest + 18, "a body ends where it ends");
    }
    return 0;
}
