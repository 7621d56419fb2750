// Thousands of connections, driven by one thread with poll().
#pragma once

#include "connection.hpp"
#include "endpoint.hpp"
#include "response.hpp"
#include "timing.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace anteroom::integration {

class crowd {
  public:
    struct member {
        connection socket;
        std::string buffer;
        std::vector<response> answers;
        bool closed = false;
    };

    /// Connects `count` members, each of which sends the request made for it. Raises the descriptor limit of the test
    /// itself as far as possible; throws harness_error if that is not enough.
    crowd(endpoint const& where, std::size_t count, std::function<std::string(std::size_t)> const& request);

    /// Reads until `done` holds for every member; throws harness_error when the bound passes first.
    void read_until(std::function<bool(member const&)> const& done, milliseconds bound = crowd_timeout);

    /// Reads until `done` holds for one member at least; throws harness_error when the bound passes first.
    void read_until_any(std::function<bool(member const&)> const& done, milliseconds bound = crowd_timeout);

    [[nodiscard]] std::vector<member>& members() { return members_; }

  private:
    void read_ready(milliseconds bound);
    void read(member& reader);

    std::vector<member> members_;
};

/// Raises the soft descriptor limit of this process to the hard limit, and returns it.
std::size_t raise_descriptor_limit();

}  // namespace anteroom::integration
