// Presence: names are present in rooms while they subscribe, and for a lease after that.
#pragma once

#include <anteroom/base/deadline_wheel.hpp>
#include <anteroom/room/hub.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace anteroom {

/// A name joins with its first subscription and leaves when the lease has expired after its last one, so that a client
/// that polls repeatedly stays present. Joins and leaves are published to the room `{room}:presence`, in the order in
/// which they happened. Any thread unless a function says otherwise. Must outlive every stay, and the hub must outlive
/// it.
class presence {
  public:
    presence(hub& rooms, milliseconds lease);
    ~presence();
    presence(presence const&) = delete;
    presence& operator=(presence const&) = delete;

    /// A subscription of a name, which ends when it is destroyed.
    class stay;

    /// Starts a subscription. On the thread of `here`.
    stay enter(std::string_view room, std::string_view name, shard& here);

    struct person {
        std::string name;
        std::int64_t since;  // ms since the Unix epoch
    };
    /// The names that are present, in the order of joining.
    std::vector<person> list(std::string_view room);

    /// Ends the presence of names whose lease has expired. Must be called a few times a second, on the thread of
    /// `here`.
    void sweep(shard& here);

  private:
    class guest;
    struct stripe;
    static constexpr std::size_t stripe_count = 16;

    stripe& stripe_of(std::string_view room) noexcept;
    void append_event(char const* event, std::string_view room, std::string_view name,
                      std::vector<publication>& events);
    void leave(guest& who) noexcept;

    hub& rooms_;
    milliseconds lease_;
    std::array<std::unique_ptr<stripe>, stripe_count> stripes_;
};

class presence::stay {
  public:
    stay() = default;
    stay(stay&& other) noexcept : owner_(other.owner_), who_(std::exchange(other.who_, nullptr)) {}
    stay& operator=(stay&& other) noexcept {
        std::swap(owner_, other.owner_);
        std::swap(who_, other.who_);
        return *this;
    }
    ~stay() {
        if (who_ != nullptr)
            owner_->leave(*who_);
    }

  private:
    friend class presence;
    stay(presence& owner, guest& who) noexcept : owner_(&owner), who_(&who) {}

    presence* owner_ = nullptr;
    guest* who_ = nullptr;
};

}  // namespace anteroom
