// Running out of descriptors: accepting pauses, nothing that is there ends, and it is said once.
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <list>
#include <string>

using namespace anteroom::integration;

namespace {

std::size_t complaints(std::string const& log) {
    auto const lines = lines_of(log);
    return static_cast<std::size_t>(std::ranges::count_if(lines, [](std::string const& line) {
        return line.find("descriptor") != std::string::npos || line.find("open files") != std::string::npos;
    }));
}

}  // namespace

TEST_CASE("without descriptors the server pauses accepting and ends nothing") {
    server_process const server{
        server_setup{.flags = {"--threads", "1"}, .descriptors = descriptor_limit{.soft = 64, .hard = 64}}};
    room_client writer{server.at(), "kitchen"};
    writer.publish("before");
    room_client raw{server.at(), "kitchen"};
    room_client json{server.at(), "kitchen"};
    raw.start_poll("wait=60", {});
    json.start_poll("wait=60");
    await_subscribers(server.at(), "kitchen", 2);

    std::list<http_client> many;
    for (auto i = 0; i < 100; ++i) {
        many.emplace_back(server.at()).send(get("/healthz"));
    }
    REQUIRE(server.err().wait_until([](std::string const& log) { return complaints(log) > 0; }, patience));

    // Who was there before is served as before.
    CHECK(writer.publish_for_receipt("dinner").at("subscribers").to_number<int>() == 2);
    CHECK(raw.http().receive().body == "dinner");
    CHECK(json.finish_poll().texts() == std::vector<std::string>{"dinner"});
    CHECK(many.front().receive().status == 200);
    raw.start_poll("wait=60", {});
    CHECK(writer.http().exchange(get("/healthz")).status == 200);

    // Those who wait for a descriptor get one as others leave.
    many.pop_front();
    while (!many.empty()) {
        REQUIRE(many.front().receive().status == 200);
        many.pop_front();
    }
    CHECK(http_client{server.at()}.exchange(get("/healthz")).status == 200);
    CHECK(writer.publish_for_receipt("again").at("subscribers").to_number<int>() == 1);
    CHECK(raw.http().receive().body == "again");
    CHECK(complaints(server.err().text()) == 1);
}

TEST_CASE("the limit of descriptors is raised to the hard one") {
    server_process const server{server_setup{.descriptors = descriptor_limit{.soft = 32, .hard = 512}}};
    std::list<http_client> many;
    for (auto i = 0; i < 200; ++i) {
        CHECK(many.emplace_back(server.at()).exchange(get("/healthz")).status == 200);
    }
    CHECK(complaints(server.err().text()) == 0);
}
