// A client that publishes: one connection, one message at a time.
#pragma once

#include "house.hpp"
#include "streams.hpp"

#include <string>
#include <string_view>

namespace anteroom::million {

class publisher final : public far_end {
  public:
    publisher(streams& on, house& at);

    /// Posts a message. Not while one is under way.
    void publish(std::string_view room, std::string_view text);
    bool under_way() const noexcept { return under_way_; }
    /// The body of the last answer.
    std::string const& receipt() const noexcept { return receipt_; }
    /// What went wrong first, if anything did.
    std::string const& failure() const noexcept { return failure_; }
    void hang_up() { streams_.hang_up(stream_); }

  private:
    void wrote(int stream, std::string_view bytes) override;

    streams& streams_;
    int stream_;
    bool under_way_ = false;
    std::string request_;
    std::string receipt_;
    std::string failure_;
};

}  // namespace anteroom::million
