// The chunked transfer coding: bodies in any split, and the byte with which a wrong one is refused.
#include <anteroom/http/chunked_body.hpp>

#include <boost/beast/http/error.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <string>

using namespace anteroom::http;
using error = boost::beast::http::error;

namespace {

struct outcome {
    std::string body;
    std::size_t used = 0;
    bool done = false;
    boost::system::error_code ec;
};

outcome decode(std::string_view input, std::size_t piece, std::uint64_t most = 1000) {
    outcome out;
    chunked_body reader(most);
    while (out.used < input.size() && !reader.is_done() && !out.ec)
        out.used += reader.read(input.substr(out.used, piece), out.body, out.ec);
    out.done = reader.is_done();
    return out;
}

}  // namespace

TEST_CASE("chunks are joined, and what is beside them is dropped") {
    struct row {
        std::string_view input;
        std::string_view body;
    };
    static constexpr row rows[] = {
        {"0\r\n\r\n", ""},
        {"5\r\nhello\r\n0\r\n\r\n", "hello"},
        {"5\r\nhello\r\n1\r\n \r\n0005\r\nworld\r\n000\r\n\r\n", "hello world"},
        {"A\r\n0123456789\r\nb\r\nabcdefghijk\r\n0\r\n\r\n", "0123456789abcdefghijk"},
        {"2\r\n\r\n\r\n0\r\n\r\n", "\r\n"},
        {"1;a\r\nx\r\n0;b\r\n\r\n", "x"},
        {"1;a=b;c=\"d;e\\\"\"\r\nx\r\n0\r\n\r\n", "x"},
        {"1 ; a = b\t;\tc =\"\xC3\xA9\" ;d\r\nx\r\n0\r\n\r\n", "x"},
        {"1\r\nx\r\n0\r\nA: b\r\nC:\r\nD: \x80\t \r\n\r\n", "x"},
        {"1\r\nx\r\n0\r\nContent-Type:\r\nHost: b\r\nTransfer-Encoding: gzip\r\nContent-Length: 7\r\n\r\n", "x"},
    };
    auto const piece = GENERATE(as<std::size_t>(), 1, 2, 3, 7, 1000);
    for (auto const& [input, body] : rows) {
        CAPTURE(input, piece);
        auto const got = decode(std::string(input) + "rest", piece);
        CHECK_FALSE(got.ec);
        CHECK(got.done);
        CHECK(got.body == body);
        CHECK(got.used == input.size());
    }
}

TEST_CASE("what cannot be right is refused with the first byte that is not") {
    struct row {
        std::string_view input;  // its last byte is the wrong one
        error why;
    };
    static constexpr row rows[] = {
        {"\r", error::bad_chunk},
        {"x", error::bad_chunk},
        {"-", error::bad_chunk},
        {" ", error::bad_chunk},
        {"0x", error::bad_chunk},
        {"5h", error::bad_chunk},
        {"5\n", error::bad_chunk},
        {"11111111111111111", error::bad_chunk},
        {"5\r\r", error::bad_line_ending},
        {"5 \r", error::bad_chunk_extension},
        {"5 5", error::bad_chunk_extension},
        {"5;\r", error::bad_chunk_extension},
        {"5;=", error::bad_chunk_extension},
        {"5;a=\r", error::bad_chunk_extension},
        {"5;a b", error::bad_chunk_extension},
        {"5;a\n", error::bad_chunk_extension},
        {"5;a=b c", error::bad_chunk_extension},
        {"5;a=b\"", error::bad_chunk_extension},
        // A quoted string has to end in its line.
        {"5;a=\"b\r", error::bad_chunk_extension},
        {"5;a=\"b\n", error::bad_chunk_extension},
        {"5;a=\"b\\\r", error::bad_chunk_extension},
        {"5;a=\"b\x01", error::bad_chunk_extension},
        {"5;a=\"b\"c", error::bad_chunk_extension},
        {"0;a=\"\r", error::bad_chunk_extension},
        {"5\r\nhello0", error::bad_chunk},
        {"5\r\nhello\n", error::bad_chunk},
        {"5\r\nhello\r0", error::bad_chunk},
        {"0\r\n\n", error::bad_field},
        {"0\r\n\r\r", error::bad_line_ending},
        {"0\r\n:", error::bad_field},
        {"0\r\n ", error::bad_obs_fold},
        {"0\r\nA\r", error::bad_field},
        {"0\r\nA ", error::bad_field},
        {"0\r\nA: b\n", error::bad_value},
        {"0\r\nA: b\r\r", error::bad_line_ending},
        {"0\r\nA: b\r\n\t", error::bad_obs_fold},
    };
    for (auto const& [input, why] : rows) {
        CAPTURE(input);
        auto const before = decode(input.substr(0, input.size() - 1), 1);
        CHECK_FALSE(before.ec);
        for (std::size_t const piece : {std::size_t{1}, input.size()}) {
            auto const got = decode(input, piece);
            CHECK(got.ec == why);
            CHECK_FALSE(got.done);
        }
    }
}

TEST_CASE("a chunk that makes a body too long is refused before its data") {
    CHECK(decode("a\r\n0123456789\r\n0\r\n\r\n", 1, 10).done);
    CHECK(decode("b\r\n", 1, 10).ec == error::body_limit);
    CHECK(decode("9\r\n012345678\r\n2\r\n", 1, 10).ec == error::body_limit);
    CHECK(decode("ffffffffffffffff\r\n", 1, 10).ec == error::body_limit);
}

TEST_CASE("what is dropped has a limit, for all chunks together") {
    std::string const some(chunked_body::max_dropped / 4, 'a');
    std::string many;
    for (int i = 0; i < 3; ++i)
        many += "1;" + some + "\r\nx\r\n";
    auto const end = "0\r\nTrailer: " + some + some + some + "\r\n\r\n";
    CHECK(decode(many + end, 1000).body == "xxx");
    CHECK(decode(many + end, 1000).done);
    CHECK(decode(many + "1;" + some, 1000).ec == error::bad_chunk_extension);
    CHECK(decode("0\r\nA: " + some + some + "\r\nB: " + some + some, 1000).ec == error::header_limit);
    CHECK(decode(std::string(2 * chunked_body::max_dropped, '0'), 1000).ec == error::bad_chunk);
    CHECK(decode("1;a=\"" + some + some + some + some, 1000).ec == error::bad_chunk_extension);
}
