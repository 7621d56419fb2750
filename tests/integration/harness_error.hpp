// Thrown by the harness when the server does not do what a test relies on: unlike an assertion of Catch2 it may be
// thrown on any thread.
#pragma once

#include <stdexcept>

namespace anteroom::integration {

class harness_error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace anteroom::integration
