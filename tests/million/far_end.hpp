// The far end of a connection to the server: the client's, over an in-memory stream.
#pragma once

#include "house.hpp"
#include <anteroom/net/test_stream.hpp>

#include <optional>
#include <string_view>

namespace anteroom::million {

class far_end;

/// Who is at the far ends of connections.
class client {
  public:
    /// The server has written: all that has come since it was last read, good during the call. May send in turn.
    virtual void received(far_end& on, std::string_view bytes) = 0;
    /// The server has closed a connection that this end had not.
    virtual void closed(far_end& /*on*/) noexcept {}

  protected:
    ~client() = default;
};

/// All memory that it takes for longer than a moment is in the object itself. On the thread of the house.
class far_end final : private net::stream_observer {
  public:
    far_end() = default;

    /// Begins a session of the house at the near end, as the acceptor does it; reports to `who`, which must outlive it.
    /// Not while it is open.
    void connect(house& to, client& who);
    /// Whether it is connected: the server may close a connection that is idle for too long.
    bool is_open() const noexcept { return end_ && end_->is_open(); }
    /// Sends a text. Throws where the connection does not take it whole.
    void send(std::string_view text);
    void hang_up();

  private:
    void input_came() override;
    void hung_up() override { input_came(); }
    void report_soon() const noexcept override {}

    std::optional<net::test_stream> end_;
    client* who_ = nullptr;
};

}  // namespace anteroom::million
