#include <anteroom/base/keyed_hash.hpp>
#include <anteroom/base/log.hpp>
#include <anteroom/room/presence.hpp>
#include <anteroom/room/room_name.hpp>

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <limits>
#include <new>
#include <unordered_map>
#include <utility>

namespace anteroom {

namespace {

using intrusive_list_hook = boost::intrusive::list_member_hook<>;
using intrusive_set_hook = boost::intrusive::set_member_hook<boost::intrusive::optimize_size<true>>;

constexpr std::size_t evicted_at_a_time = 16;  // in a stripe
constexpr std::size_t map_entry = 64;          // what an entry of a map takes besides key and value, about

}  // namespace

/// A name that is present in a room. Its deadline is the end of its lease, set while it has no subscription.
class presence::guest final : public deadline {
  public:
    guest(place& in, std::string_view who, std::uint64_t which) : where_(in), name_(who), number_(which) {}

    place& where() const noexcept { return where_; }
    std::string const& name() const noexcept { return name_; }
    std::uint64_t number() const noexcept { return number_; }
    std::size_t charge() const noexcept { return sizeof(guest) + map_entry + name_.capacity(); }

    std::size_t subscriptions = 0;
    std::int64_t since = unix_now();
    intrusive_set_hook in_order;
    intrusive_list_hook in_leases;  // while it has no subscription

  private:
    void expire() override;

    place& where_;
    std::string name_;
    std::uint64_t number_;
};

/// The names that are present in one room.
struct presence::place {
    place(stripe& part, std::string_view name) : in(part), room(name) {}
    std::size_t charge() const noexcept { return sizeof(place) + map_entry + 2 * room.capacity(); }

    struct by_number {
        using type = std::uint64_t;
        type operator()(guest const& of) const noexcept { return of.number(); }
    };

    stripe& in;
    std::string room;
    std::unordered_map<std::string_view, std::unique_ptr<guest>, keyed_hash> names;
    boost::intrusive::set<guest, boost::intrusive::member_hook<guest, intrusive_set_hook, &guest::in_order>,
                          boost::intrusive::key_of_value<by_number>>
        in_order;
};

/// The rooms of one part of the hash space, with the timer wheel of their leases.
struct presence::stripe {
    std::mutex mutex;
    deadline_wheel wheel{steady_now()};
    std::unordered_map<std::string_view, std::unique_ptr<place>, keyed_hash> rooms;
    using list =
        boost::intrusive::list<guest, boost::intrusive::member_hook<guest, intrusive_list_hook, &guest::in_leases>>;
    list leases;   // those without a subscription, in the order in which their leases began, and so end
    list expired;  // used while sweep_some() advances the wheel
    std::uint64_t last_number = 0;
};

void presence::guest::expire() {
    auto& in = where_.in;
    in.leases.erase(in.leases.iterator_to(*this));
    in.expired.push_back(*this);
}

presence::presence(hub& rooms, milliseconds lease) : rooms_(rooms), lease_(lease) {
    for (auto& each : stripes_)
        each = std::make_unique<stripe>();
}

presence::~presence() {
    for (auto& each : stripes_) {
        each->leases.clear();
        for (auto& [name, where] : each->rooms)
            where->in_order.clear();
    }
    rooms_.meter().remove(bytes());
}

presence::stripe& presence::stripe_of(std::string_view room) noexcept {
    return *stripes_[keyed_hash{}(room) % stripe_count];
}

void presence::charge(std::size_t bytes) noexcept {
    rooms_.meter().add(bytes);
    bytes_.fetch_add(bytes, std::memory_order_relaxed);
}

void presence::discharge(std::size_t bytes) noexcept {
    rooms_.meter().remove(bytes);
    bytes_.fetch_sub(bytes, std::memory_order_relaxed);
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

// Called with the stripe locked.
presence::guest& presence::find_or_add(stripe& in, std::string_view room, std::string_view name) {
    auto where = in.rooms.find(room);
    if (where == in.rooms.end()) {
        auto made = std::make_unique<place>(in, room);
        std::string_view const key = made->room;
        where = in.rooms.emplace(key, std::move(made)).first;
        charge(where->second->charge());
    }
    auto& names = where->second->names;
    auto found = names.find(name);
    if (found == names.end()) {
        try {
            auto made = std::make_unique<guest>(*where->second, name, ++in.last_number);
            std::string_view const key = made->name();
            found = names.emplace(key, std::move(made)).first;
        } catch (...) {
            if (names.empty()) {
                discharge(where->second->charge());
                in.rooms.erase(where);
            }
            throw;
        }
        where->second->in_order.insert(*found->second);
        names_.fetch_add(1, std::memory_order_relaxed);
        charge(found->second->charge());
    }
    return *found->second;
}

presence::stay presence::enter(std::string_view room, std::string_view name, shard& here) {
    auto& in = stripe_of(room);
    std::vector<publication> events;
    stay begun;
    {
        std::lock_guard const lock(in.mutex);
        auto& who = find_or_add(in, room, name);
        bool const joins = who.subscriptions == 0 && who.due() == 0;
        ++who.subscriptions;
        deadline_wheel::clear(who);
        if (who.in_leases.is_linked())
            in.leases.erase(in.leases.iterator_to(who));
        begun = stay(*this, who);  // from here on it ends with its lease, whatever fails
        if (joins)
            append_event("join", room, name, events);
    }
    for (auto& each : events)
        each.announce(here);
    return begun;
}

void presence::leave(guest& who) noexcept {
    auto& in = who.where().in;
    std::lock_guard const lock(in.mutex);
    if (--who.subscriptions > 0)
        return;
    in.wheel.set(who, steady_now() + lease_.count());
    in.leases.push_back(who);
}

// Called with the stripe locked, for a name that has no subscription, and no lease any more.
void presence::remove(guest& who, std::vector<publication>& events) {
    auto& where = who.where();
    append_event("leave", where.room, who.name(), events);
    where.in_order.erase(where.in_order.iterator_to(who));
    names_.fetch_sub(1, std::memory_order_relaxed);
    discharge(who.charge());
    where.names.erase(where.names.find(who.name()));
    if (!where.names.empty())
        return;
    discharge(where.charge());
    where.in.rooms.erase(where.in.rooms.find(where.room));
}

bool presence::has_space(shard& here) {
    // Eviction begins earlier than refusal, so that those who fill the space on other shards meanwhile do not take it
    // from somebody for whom there was some.
    auto const most = rooms_.memory_limit() / 8;
    for (std::size_t tried = 0; bytes() >= most - most / 8 && tried < stripe_count; ++tried) {
        auto& in = *stripes_[evicted_from_.fetch_add(1, std::memory_order_relaxed) % stripe_count];
        std::vector<publication> events;
        {
            std::lock_guard const lock(in.mutex);
            for (std::size_t i = 0; i < evicted_at_a_time && !in.leases.empty(); ++i) {
                auto& oldest = in.leases.front();
                in.leases.pop_front();
                remove(oldest, events);
            }
        }
        for (auto& each : events)
            each.announce(here);
    }
    return bytes() < most;
}

std::vector<presence::person> presence::list_some(std::string_view room, std::uint64_t after, std::size_t most) {
    std::vector<person> out;
    auto& in = stripe_of(room);
    std::lock_guard const lock(in.mutex);
    auto const found = in.rooms.find(room);
    if (found == in.rooms.end())
        return out;
    auto const& people = found->second->in_order;
    for (auto at = people.upper_bound(after); at != people.end() && out.size() < most; ++at)
        out.push_back({at->name(), at->since, at->number()});
    return out;
}

std::vector<presence::person> presence::list(std::string_view room) {
    return list_some(room, 0, std::numeric_limits<std::size_t>::max());
}

void presence::sweep(shard& here) {
    while (sweep_some(here, std::numeric_limits<std::size_t>::max()))
        continue;
}

bool presence::sweep_some(shard& here, std::size_t most) {
    std::vector<publication> events;
    bool more = false;
    {
        auto& in = *stripes_[swept_];
        std::lock_guard const lock(in.mutex);
        more = in.wheel.advance(steady_now(), most);
        while (!in.expired.empty()) {
            auto& gone = in.expired.front();
            in.expired.pop_front();
            remove(gone, events);
        }
    }
    for (auto& each : events)
        each.announce(here);
    if (more)
        return true;
    swept_ = (swept_ + 1) % stripe_count;
    return swept_ != 0;
}

}  // namespace anteroom
