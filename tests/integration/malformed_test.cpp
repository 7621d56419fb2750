// Malformed requests: refused with the right status, without affecting other clients.
#include "http_client.hpp"
#include "problem.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <random>
#include <string>
#include <vector>

using namespace anteroom::integration;

TEST_CASE("a malformed request is answered 400 and the connection closed") {
    server_process const server;
    std::vector<std::string> const requests{
        "GET / HTTP/1.1\r\n\r\n",
        "POST /room/kitchen/publish HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx",
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: 127.0.0.1\r\n\r\n",
        "GET /\r\nHost: localhost\r\n\r\n",
        "GET\r\nHost: localhost\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "nonsense\r\n\r\n",
        "\x16\x03\x01\x02\x01\x01\xfc\x03\x03\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\n: nameless\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: \x01\r\n\r\n",
        "POST /publish HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /publish HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "POST /publish HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "POST /publish HTTP/1.1\r\nHost: localhost\r\nContent-Length: five\r\n\r\nhello",
        "POST /publish HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\nhello",
        "POST /publish HTTP/1.1\r\nHost: localhost\r\nContent-Length: +5\r\n\r\nhello",
        "POST /publish HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0x5\r\n\r\nhello",
        "POST /publish HTTP/1.1\r\nHost: localhost\r\nContent-Length:\r\n\r\nhello",
        "POST /publish HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nTransfer-Encoding: "
        "chunked\r\n\r\nxyz\r\n",
        "POST /publish HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2\r\nhello\r\n0\r\n\r\n",
    };
    for (auto const& bytes : requests) {
        INFO(bytes);
        http_client client{server.at()};
        client.send(bytes);
        check_problem(client.receive(), 400);
        CHECK(client.is_closed_within());
    }
    CHECK(http_client{server.at()}.exchange(get("/healthz")).status == 200);
    CHECK(room_client{server.at(), "lobby"}.facts().messages == 0);
}

TEST_CASE("a target that is not a path is refused") {
    server_process const server;
    for (auto const* target : {"room/kitchen", "?after=0", "*", "//", "\\room\\kitchen"}) {
        INFO(target);
        auto const answer = http_client{server.at()}.exchange(get(target));
        // `//` is a path, of which there is nothing.
        CHECK(answer.status == (std::string_view(target) == "//" ? 404 : 400));
        CHECK(answer.media_type() == "application/problem+json");
    }
}

TEST_CASE("an unsupported version is refused") {
    server_process const server;
    for (auto const* version : {"HTTP/2.0", "HTTP/3.0", "HTTP/0.9", "HTTP/x.y"}) {
        http_client client{server.at()};
        auto const answer = client.exchange(request{.version = version});
        INFO(version << '\n' << answer.text());
        CHECK(answer.status == (std::string_view(version) == "HTTP/x.y" ? 400 : 505));
        CHECK(client.is_closed_within());
    }
}

TEST_CASE("an unsupported transfer coding is refused") {
    server_process const server;
    for (auto const* coding : {"gzip", "gzip, chunked", "identity", "chunked, gzip"}) {
        http_client client{server.at()};
        client.send(request{.method = "POST", .target = "/publish", .headers = {{"Transfer-Encoding", coding}}});
        auto const answer = client.receive();
        INFO(coding << '\n' << answer.text());
        // Without chunked at the end the length is not known.
        CHECK(answer.status == (std::string_view(coding) == "gzip, chunked" ? 501 : 400));
        CHECK(client.is_closed_within());
    }
}

TEST_CASE("a request line that is too long is 414") {
    server_process const server;
    for (auto const size : {15'000U, 16'000U, 20'000U, 200'000U}) {
        INFO(size);
        http_client client{server.at()};
        static_cast<void>(client.raw().try_send(get("/room/kitchen?" + std::string(size, 'x')).bytes()));
        check_problem(client.receive(), 414);
        CHECK(client.is_closed_within());
    }
    CHECK(http_client{server.at()}.exchange(get("/healthz?" + std::string(14'900, 'x'))).status == 200);
}

TEST_CASE("headers of more than 16 KiB are 431") {
    server_process const server;
    header_list many;
    for (auto i = 0; i < 500; ++i) {
        many.emplace_back("X-Header-" + std::to_string(i), std::string(20, 'x'));
    }
    for (auto const& headers :
         {header_list{{"X", std::string(17'000, 'x')}}, header_list{{"X", std::string(200'000, 'x')}},
          header_list{{std::string(17'000, 'X'), "x"}}, many}) {
        http_client client{server.at()};
        static_cast<void>(client.raw().try_send(get("/healthz", headers).bytes()));
        check_problem(client.receive(), 431);
        CHECK(client.is_closed_within());
    }
    CHECK(http_client{server.at()}.exchange(get("/healthz", {{"Cookie", std::string(16'000, 'x')}})).status == 200);
}

TEST_CASE("a header section without end is refused before its end") {
    server_process const server;
    http_client client{server.at()};
    static_cast<void>(
        client.raw().try_send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(17'000, 'x')));
    check_problem(client.receive(), 431);
    http_client line{server.at()};
    static_cast<void>(line.raw().try_send("GET /" + std::string(17'000, 'x')));
    check_problem(line.receive(), 414);
}

TEST_CASE("a request cut off anywhere does no harm") {
    server_process const server;
    auto const whole = post("/room/kitchen/publish", "hello", "text/plain", {{"Expect", "100-continue"}}).bytes();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        http_client client{server.at()};
        client.send(std::string_view{whole}.substr(0, size));
        if (size % 2 == 0) {
            client.raw().reset();
        }
    }
    CHECK(room_client{server.at(), "kitchen"}.facts().messages == 0);
    CHECK(http_client{server.at()}.exchange(get("/healthz")).status == 200);
}

TEST_CASE("garbage does no harm") {
    server_process const server;
    std::mt19937 random{20'260'101};  // a fixed seed, so that a failure can be reproduced
    auto const valid = post("/room/kitchen/publish?as=ann", "hello").bytes() + get("/room/kitchen?after=0").bytes();
    for (auto round = 0; round < 200; ++round) {
        auto bytes = valid;
        for (auto flips = 1 + random() % 8; flips > 0; --flips) {
            bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
        }
        http_client client{server.at()};
        static_cast<void>(client.raw().try_send(bytes));
        client.raw().shutdown_write();
        while (auto const answer = client.receive_or_end()) {
            // A method or a coding that is unknown, or another version of HTTP.
            CHECK((answer->status < 500 || answer->status == 501 || answer->status == 505));
        }
    }
    CHECK(http_client{server.at()}.exchange(get("/healthz")).status == 200);
}
