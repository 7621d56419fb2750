// Tables of invalid requests and the exact error for each.
#pragma once

#include "request.hpp"
#include "server_process.hpp"

#include <string>
#include <vector>

namespace anteroom::integration {

struct invalid_input {
    request asked;
    int status;
    std::string detail;
};

/// Sends every request over one connection, and checks each response, that the connection is usable after it, and that
/// at the end the server has no room and no message.
void check_refused(server_process const& server, std::vector<invalid_input> const& table);

}  // namespace anteroom::integration
