// Tables of wrong inputs and the exact answer to each.
#pragma once

#include "request.hpp"
#include "server_process.hpp"

#include <string>
#include <vector>

namespace anteroom::integration {

struct wrong_input {
    request asked;
    int status;
    std::string detail;
};

/// Asks everything over one connection, and checks each answer, that the connection can be used after it, and that in
/// the end the server has no room and no message.
void check_refused(server_process const& server, std::vector<wrong_input> const& table);

}  // namespace anteroom::integration
