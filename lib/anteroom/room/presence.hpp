// Presence: names are present in rooms while they subscribe, and for a lease after that.
#pragma once

#include <anteroom/base/deadline_wheel.hpp>
#include <anteroom/room/hub.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
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

    /// Whether another name may be present: names take memory too, at most an eighth of the hub's budget. If they take
    /// that already, the oldest leases end now, before their time. Must be checked before enter(), on the thread of
    /// `here`.
    bool has_space(shard& here);
    /// The memory that names take, in bytes, and how many there are, in all rooms.
    std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }
    std::size_t names() const noexcept { return names_.load(std::memory_order_relaxed); }

    struct person {
        std::string name;
        std::int64_t since;    // ms since the Unix epoch
        std::uint64_t number;  // the later somebody joined, the greater
    };
    /// The names that are present and joined after the one with the number `after`, in the order of joining, at most
    /// `most`. Takes time in proportion to `most`.
    std::vector<person> list_some(std::string_view room, std::uint64_t after, std::size_t most);
    /// The names that are present, in the order of joining.
    std::vector<person> list(std::string_view room);

    /// Ends the presence of names whose lease has expired. Must be called a few times a second, on the thread of
    /// `here`.
    void sweep(shard& here);
    /// A part of that, for about `most` names; returns whether more is left to do.
    bool sweep_some(shard& here, std::size_t most);

  private:
    class guest;
    struct place;
    struct stripe;
    static constexpr std::size_t stripe_count = 16;

    stripe& stripe_of(std::string_view room) noexcept;
    guest& find_or_add(stripe& in, std::string_view room, std::string_view name);
    void append_event(char const* event, std::string_view room, std::string_view name,
                      std::vector<publication>& events);
    void leave(guest& who) noexcept;
    void remove(guest& who, std::vector<publication>& events);
    void charge(std::size_t bytes) noexcept;
    void discharge(std::size_t bytes) noexcept;

    hub& rooms_;
    milliseconds lease_;
    std::atomic<std::size_t> bytes_{0};
    std::atomic<std::size_t> names_{0};
    std::atomic<std::size_t> evicted_from_{0};  // the stripe that evicts next
    std::size_t swept_ = 0;                     // the stripe that is being swept
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
