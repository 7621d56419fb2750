// The crowd: subscribers that all poll one room, each on a connection of its own.
#pragma once

#include "far_end.hpp"
#include "house.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom::million {

/// What a poll sends: the fields of a plain client.
std::string poll_of(std::string_view room, std::string_view after = {});

/// Every subscriber is to get one message once; with the cursor that came with it, it polls again. Nothing is kept of
/// an answer but that there was one, so that what the process takes is the server's.
class crowd final : public client {
  public:
    /// Makes the memory of all far ends, all of it touched, so that none is taken later.
    crowd(house& at, std::size_t size, std::string_view room);

    /// Has so many more come and poll.
    void come(std::size_t count);
    std::size_t size() const noexcept { return answers_.size(); }
    std::size_t come_so_far() const noexcept { return come_; }

    /// What the far ends take, in bytes.
    std::size_t memory() const noexcept { return ends_.size() * sizeof(far_end); }

    /// The message that they are waiting for from here on.
    void expect(std::string_view text) { text_ = text; }
    /// How many have got it.
    std::size_t answered() const noexcept { return answered_; }
    /// The cursor that they got with it.
    std::string const& cursor() const noexcept { return cursor_; }
    /// What went wrong first, if anything did.
    std::string const& failure() const noexcept { return failure_; }

    void hang_up();

  private:
    void received(far_end& on, std::string_view bytes) override;
    void closed(far_end& on) noexcept override;
    std::size_t number_of(far_end const& one) const noexcept { return static_cast<std::size_t>(&one - ends_.data()); }
    /// Why an answer is not the one that is due; empty: it is.
    std::string fault_of(std::string_view bytes);

    house& house_;
    std::string room_;
    std::string first_poll_;
    std::string next_poll_;
    std::string text_;
    std::string cursor_;
    std::string checked_;  // an answer that is right: equal ones are too
    std::string failure_;
    std::vector<std::uint8_t> answers_;  // of each subscriber
    std::vector<far_end> ends_;
    std::size_t come_ = 0;
    std::size_t answered_ = 0;
};

}  // namespace anteroom::million
