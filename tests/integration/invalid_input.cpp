#include "invalid_input.hpp"

#include "http_client.hpp"
#include "problem.hpp"

#include <catch2/catch_test_macros.hpp>

namespace anteroom::integration {

void check_refused(server_process const& server, std::vector<wrong_input> const& table) {
    http_client client{server.at()};
    for (auto const& [asked, status, detail] : table) {
        INFO(asked.method << ' ' << asked.target << '\n' << asked.body.value_or(""));
        check_problem(client.exchange(asked), status, detail);
        // Were there more or less in the answer than it says, this one would be garbled.
        CHECK(client.exchange(get("/healthz")).status == 200);
    }
    CHECK(client.exchange(get("/rooms")).body == R"({"rooms":[],"more":false})");
}

}  // namespace anteroom::integration
