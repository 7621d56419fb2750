#include "invalid_input.hpp"

#include "http_client.hpp"
#include "problem.hpp"

#include <catch2/catch_test_macros.hpp>

namespace anteroom::integration {

void check_refused(server_process const& server, std::vector<invalid_input> const& table) {
    http_client client{server.at()};
    for (auto const& [asked, status, detail] : table) {
        INFO(asked.method << ' ' << asked.target << '\n' << asked.body.value_or(""));
        check_problem(client.exchange(asked), status, detail);
        // This response would be garbled if the previous one did not have its stated length.
        CHECK(client.exchange(get("/healthz")).status == 200);
    }
    CHECK(client.exchange(get("/rooms")).body == R"({"rooms":[],"more":false})");
}

}  // namespace anteroom::integration
