#include <anteroom/base/log.hpp>
#include <anteroom/room/presence.hpp>
#include <anteroom/room/room_name.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace anteroom {

/// A name that is present in a room. Its deadline is the end of its lease, set while it has no subscription.
class presence::guest final : public deadline {
  public:
    guest(stripe& in, std::string_view where, std::string_view who) : in_(in), room_(where), name_(who) {}

    std::string const& room() const noexcept { return room_; }
    std::string const& name() const noexcept { return name_; }
    stripe& in() const noexcept { return in_; }

    std::size_t subscriptions = 0;
    std::int64_t since = unix_now();

  private:
    void expire() override;

    stripe& in_;
    std::string room_;
    std::string name_;
};

/// The rooms of one part of the hash space, with the timer wheel of their leases.
struct presence::stripe {
    using guests = std::unordered_map<std::string_view, std::unique_ptr<guest>>;

    std::mutex mutex;
    deadline_wheel wheel{steady_now()};
    std::unordered_map<std::string, guests> rooms;
    std::vector<guest*> expired;  // used while sweep() advances the wheel
};

void presence::guest::expire() {
    in_.expired.push_back(this);
}

presence::presence(hub& rooms, milliseconds lease) : rooms_(rooms), lease_(lease) {
    for (auto& each : stripes_)
        each = std::make_unique<stripe>();
}

presence::~presence() = default;

presence::stripe& presence::stripe_of(std::string_view room) noexcept {
    return *stripes_[std::hash<std::string_view>{}(room) % stripe_count];
}

// Called with the stripe locked, so that joins and leaves are published in the order in which they happened; waiters
// are woken after it is unlocked.
void presence::append_event(char const* event, std::string_view room, std::string_view name,
                            std::vector<publication>& events) {
    try {
        draft const what{
            content::json, boost::json::serialize(boost::json::object{{"event", event}, {"as", name}}), {}};
        auto const where = std::string(room).append(presence_suffix);
        std::string_view const named = where;
        events.reserve(events.size() + 1);
        if (auto added = rooms_.append({&named, 1}, {&what, 1}))
            events.push_back(std::move(*added));
        else
            log::warning("presence: out of memory for publishing a {}", event);
    } catch (std::bad_alloc const&) {
        // Who is present stays exact, and is listed; the event is missing.
        log::warning("presence: out of memory for publishing a {}", event);
    }
}

presence::stay presence::enter(std::string_view room, std::string_view name, shard& here) {
    auto& in = stripe_of(room);
    std::vector<publication> events;
    stay begun;
    {
        std::lock_guard const lock(in.mutex);
        guest* who = nullptr;
        auto& guests = in.rooms[std::string(room)];
        if (auto const found = guests.find(name); found != guests.end()) {
            who = found->second.get();
        } else {
            auto made = std::make_unique<guest>(in, room, name);
            who = made.get();
            guests.emplace(who->name(), std::move(made));
        }
        bool const joins = who->subscriptions == 0 && who->due() == 0;
        ++who->subscriptions;
        deadline_wheel::clear(*who);
        begun = stay(*this, *who);  // from here on it ends with its lease, whatever fails
        if (joins)
            append_event("join", room, name, events);
    }
    for (auto& each : events)
        each.announce(here);
    return begun;
}

void presence::leave(guest& who) noexcept {
    auto& in = who.in();
    std::lock_guard const lock(in.mutex);
    if (--who.subscriptions == 0)
        in.wheel.set(who, steady_now() + lease_.count());
}

std::vector<presence::person> presence::list(std::string_view room) {
    std::vector<person> out;
    auto& in = stripe_of(room);
    {
        std::lock_guard const lock(in.mutex);
        auto const found = in.rooms.find(std::string(room));
        if (found == in.rooms.end())
            return out;
        for (auto const& [name, who] : found->second)
            out.push_back({std::string(name), who->since});
    }
    std::sort(out.begin(), out.end(),
              [](person const& a, person const& b) { return std::tie(a.since, a.name) < std::tie(b.since, b.name); });
    return out;
}

void presence::sweep(shard& here) {
    std::vector<publication> events;
    for (auto const& each : stripes_) {
        std::lock_guard const lock(each->mutex);
        each->wheel.advance(steady_now());
        for (guest* const who : std::exchange(each->expired, {})) {
            auto const room = each->rooms.find(who->room());
            append_event("leave", who->room(), who->name(), events);
            auto const gone = room->second.extract(room->second.find(who->name()));
            if (room->second.empty())
                each->rooms.erase(room);
        }
    }
    for (auto& each : events)
        each.announce(here);
}

}  // namespace anteroom
