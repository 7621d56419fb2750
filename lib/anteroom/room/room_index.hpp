// The rooms of a hub in the order of their names.
#pragma once

#include <anteroom/room/room.hpp>

#include <boost/intrusive/set.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace anteroom {

/// Takes no memory but the hook in each room. Inserting, erasing and finding take logarithmic time. Any thread; a room
/// must be erased before it is destroyed.
class room_index {
  public:
    using rooms = std::vector<std::shared_ptr<room>>;

    ~room_index() { index_.clear(); }

    void insert(room& added) noexcept;
    void erase(room& gone) noexcept;

    /// The first rooms whose names sort after `after` and start with `prefix`, at most `most`.
    rooms after(std::string_view after, std::string_view prefix, std::size_t most);

    /// The next rooms of a tour that visits all of them again and again, at most `most`; none twice in one call.
    rooms next(std::size_t most);

  private:
    struct by_name {
        using type = std::string_view;
        type operator()(room const& of) const noexcept { return of.name(); }
    };
    using hook = boost::intrusive::member_hook<room, room::index_hook, &room::in_index_>;
    using index = boost::intrusive::set<room, hook, boost::intrusive::key_of_value<by_name>>;

    std::mutex mutex_;  // held briefly; with that of a hub's stripe, it is the second
    index index_;
    room* tour_ = nullptr;  // the next room of the tour; null: the first one
};

}  // namespace anteroom
