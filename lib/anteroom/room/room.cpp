#include <anteroom/room/room.hpp>

#include <utility>

namespace anteroom {

room::room(std::string name, std::uint64_t epoch, std::span<shard* const> shards, history_limits const& limits,
           memory_meter& meter)
    : changes_(shards),
      end_epoch_(epoch),
      name_(std::move(name)),
      limits_(limits),
      meter_(meter),
      history_(epoch),
      last_used_(steady_now()) {
    meter_.add_room(charge());
}

room::~room() {
    meter_.remove_room(charge());
}

std::size_t room::charge() const noexcept {
    // Including its entry in the hub, approximately.
    static constexpr std::size_t around = 128;
    return sizeof(room) + around + name_.capacity() + changes_.size_in_memory();
}

void room::reserve(std::size_t count, commitment when) {
    std::lock_guard const lock(mutex_);
    history_.reserve(count, limits_, when);
}

void room::append(std::span<new_message_ptr> what, moment now, message_ids& ids, commitment when) {
    ids.reserve(ids.size() + what.size());
    {
        std::lock_guard const lock(mutex_);
        history_.reserve(what.size(), limits_, when);
        for (auto& each : what)
            ids.push_back(history_.append(std::move(each), now, limits_, when));
        settle();
        ever_published_.store(true);
    }
    touch();
}

bool room::commit(cursor first, cursor last) {
    std::lock_guard const lock(mutex_);
    bool const readable = history_.commit(first, last, limits_);
    settle();
    return readable;
}

std::size_t room::wake(shard& here, wake_up how) {
    return changes_.signal(here, shared_from_this(), how);
}

void room::restart(std::uint64_t epoch) {
    std::lock_guard const lock(mutex_);
    history_.restart(epoch);
    settle();
}

batch room::read(cursor after, std::size_t limit) {
    std::lock_guard const lock(mutex_);
    expire(steady_now());
    return history_.read(after, limit);
}

batch room::before(std::optional<cursor> before, std::size_t limit) {
    std::lock_guard const lock(mutex_);
    expire(steady_now());
    return history_.before(before, limit);
}

room_facts room::facts() {
    room_facts out;
    out.name = name_;
    out.subscribers = changes_.waiting();
    std::lock_guard const lock(mutex_);
    expire(steady_now());
    out.messages = history_.size();
    out.bytes = history_.bytes();
    out.first = {history_.epoch(), history_.first()};
    out.last = history_.end();
    return out;
}

cursor room::end() {
    std::lock_guard const lock(mutex_);
    return history_.end();
}

std::size_t room::evict(std::size_t bytes) {
    std::lock_guard const lock(mutex_);
    auto const freed = history_.evict(bytes);
    settle();
    return freed;
}

std::int64_t room::idle(std::int64_t steady_time) const noexcept {
    return changes_.waiting() > 0 ? 0 : steady_time - last_used_.load(std::memory_order_relaxed);
}

bool room::is_empty() {
    std::lock_guard const lock(mutex_);
    expire(steady_now());
    return history_.empty();
}

void room::touch() noexcept {
    last_used_.store(steady_now(), std::memory_order_relaxed);
}

void room::expire(std::int64_t now) {
    if (history_.expire(now, limits_.age))
        settle();
}

void room::count(std::size_t before, std::size_t now) noexcept {
    meter_.count_messages(now - before);
    if (before == 0)
        meter_.count_filled_rooms(1);
    else if (now == 0)
        meter_.count_filled_rooms(~std::size_t{0});  // one less
}

void room::settle() noexcept {
    auto const bytes = history_.bytes();
    if (auto const before = bytes_.exchange(bytes, std::memory_order_relaxed); before != bytes)
        meter_.count_kept(bytes - before);
    auto const size = history_.size();
    if (auto const before = messages_.exchange(size, std::memory_order_relaxed); before != size)
        count(before, size);
    end_epoch_.store(history_.epoch());
    end_number_.store(history_.last());
}

}  // namespace anteroom
