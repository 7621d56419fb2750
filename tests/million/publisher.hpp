// A client that publishes, one message at a time.
#pragma once

#include "far_end.hpp"
#include "house.hpp"

#include <string>
#include <string_view>

namespace anteroom::million {

class publisher final : public client {
  public:
    explicit publisher(house& at) : house_(at) {}

    /// Posts a message, on the last connection if the server has not closed it meanwhile. Not while one is under way.
    void publish(std::string_view room, std::string_view text);
    bool under_way() const noexcept { return under_way_; }
    /// The body of the last answer.
    std::string const& receipt() const noexcept { return receipt_; }
    /// What went wrong first, if anything did.
    std::string const& failure() const noexcept { return failure_; }
    void hang_up();

  private:
    void received(far_end& on, std::string_view bytes) override;

    house& house_;
    far_end end_;
    bool under_way_ = false;
    std::string request_;
    std::string receipt_;
    std::string failure_;
};

}  // namespace anteroom::million
