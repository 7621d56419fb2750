// Running out of descriptors: accepting pauses, open connections are kept, and it is logged once.
#include "crowd.hpp"
#include "http_client.hpp"
#include "room_client.hpp"
#include "server_process.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <list>
#include <string>

using namespace anteroom::integration;

namespace {

std::size_t count_warnings(std::string const& log) {
    auto const lines = lines_of(log);
    return static_cast<std::size_t>(std::ranges::count_if(lines, [](std::string const& line) {
        return line.find("descriptor") != std::string::npos || line.find("open files") != std::string::npos;
    }));
}

}  // namespace

TEST_CASE("without free descriptors the server pauses accepting and closes nothing") {
    auto const* const threads = GENERATE("1", "2");
    INFO("threads: " << threads);
    server_process const server{
        server_setup{.flags = {"--threads", threads}, .descriptors = descriptor_limit{.soft = 64, .hard = 64}}};
    room_client writer{server.at(), "kitchen"};
    writer.publish("before");
    room_client raw{server.at(), "kitchen"};
    room_client json{server.at(), "kitchen"};
    raw.start_poll("wait=60", {});
    json.start_poll("wait=60");
    await_subscribers(server.at(), "kitchen", 2);

    crowd many{server.at(), 100, [](std::size_t) { return get("/healthz").bytes(); }};
    REQUIRE(server.err().wait_until([](std::string const& log) { return count_warnings(log) > 0; }, default_timeout));

    // Existing connections are served as before.
    CHECK(writer.publish_for_receipt("dinner").at("subscribers").to_number<int>() == 2);
    CHECK(raw.http().receive().body == "dinner");
    CHECK(json.finish_poll().texts() == std::vector<std::string>{"dinner"});
    raw.start_poll("wait=60", {});
    CHECK(writer.http().exchange(get("/healthz")).status == 200);

    // Pending connections are accepted as others close.
    for (std::size_t served = 0; served < many.members().size();) {
        many.read_until_any([](crowd::member const& one) { return !one.closed && !one.answers.empty(); },
                            default_timeout);
        for (auto& one : many.members()) {
            if (!one.closed && !one.answers.empty()) {
                CHECK(one.answers.front().status == 200);
                one.socket.close();
                one.closed = true;
                ++served;
            }
        }
    }
    CHECK(http_client{server.at()}.exchange(get("/healthz")).status == 200);
    CHECK(writer.publish_for_receipt("again").at("subscribers").to_number<int>() == 1);
    CHECK(raw.http().receive().body == "again");
    INFO(server.err().text());
    CHECK(count_warnings(server.err().text()) == 1);
}

TEST_CASE("the soft limit of descriptors is raised to the hard one") {
    server_process const server{server_setup{.descriptors = descriptor_limit{.soft = 32, .hard = 512}}};
    std::list<http_client> many;
    for (auto i = 0; i < 200; ++i) {
        CHECK(many.emplace_back(server.at()).exchange(get("/healthz")).status == 200);
    }
    CHECK(count_warnings(server.err().text()) == 0);
}
