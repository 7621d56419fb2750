// A client that publishes, one message at a time.
#pragma once

#include "house.hpp"
#include "streams.hpp"

#include <string>
#include <string_view>

namespace anteroom::million {

class publisher final : public far_end {
  public:
    publisher(streams& on, house& at) : streams_(on), house_(at) {}

    /// Posts a message, on the last connection if the server has not closed it meanwhile. Not while one is under way.
    void publish(std::string_view room, std::string_view text);
    bool under_way() const noexcept { return under_way_; }
    /// The body of the last answer.
    std::string const& receipt() const noexcept { return receipt_; }
    /// What went wrong first, if anything did.
    std::string const& failure() const noexcept { return failure_; }
    void hang_up();

  private:
    void wrote(int stream, std::string_view bytes) override;

    bool connected() { return stream_ >= 0 && streams_.is_open(stream_); }

    streams& streams_;
    house& house_;
    int stream_ = -1;
    bool under_way_ = false;
    std::string request_;
    std::string receipt_;
    std::string failure_;
};

}  // namespace anteroom::million
