// What a session asks to have a request answered: the one thing that it knows of the application.
#pragma once

#include <anteroom/base/task.hpp>
#include <anteroom/http/request.hpp>

#include <string>

namespace anteroom::http {

class session;

class service {
  public:
    /// Answers a request, on the thread of the session's shard: at once, by session::send(), and then the task that
    /// is returned is empty; or later, by the end of the task. The request's views are good until this returns.
    virtual task<void> serve(session& client, request const& asked) = 0;

    /// Header fields for the answer to a request that is refused before serve() has it (CORS); as far as its head was
    /// understood.
    virtual std::string refusal_fields(request const& asked) = 0;

  protected:
    ~service() = default;
};

}  // namespace anteroom::http
