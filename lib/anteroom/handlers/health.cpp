// GET /healthz and GET /readyz: health checks for operators.
#include <anteroom/handlers/endpoints.hpp>

namespace anteroom {

void get_healthz(call const& by) {
    by.client.send(http::json_response(200, R"({"status":"ok"})"));
}

void get_readyz(call const& by) {
    if (by.client.draining())
        by.client.send(http::problem(503, "the server is shutting down; ask another"));
    else
        by.client.send(http::json_response(200, R"({"status":"ready"})"));
}

}  // namespace anteroom
