// A response with a JSON body that may be long: it is made in pieces, each when the connection has taken the last.
#pragma once

#include <anteroom/handlers/context.hpp>

#include <memory>
#include <string>

namespace anteroom {

/// Makes a body, piece by piece.
class body_source {
  public:
    virtual ~body_source() = default;
    /// Appends the next piece, which takes bounded time and memory to make, and returns whether another follows.
    virtual bool append_next(std::string& to) = 0;
};

/// Responds with the body: at once and with its length if it is one piece, otherwise as a stream, between whose pieces
/// others have their turns. A client that reads slowly holds one piece. May wait: see endpoints.hpp.
awaitable<> send_pieces(call const& by, std::unique_ptr<body_source> from);

}  // namespace anteroom
