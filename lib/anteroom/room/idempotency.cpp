#include <anteroom/room/idempotency.hpp>

#include <utility>

namespace anteroom {

namespace {

// How many responses are discarded by a publish.
constexpr std::size_t expired_at_once = 16;

}  // namespace

class idempotency_window::entry {
  public:
    std::vector<std::string> names;  // its keys in the map
    std::string answer;
    std::uint64_t content = 0;   // what was published, or 0
    std::int64_t due = 0;        // when it is discarded; 0: in progress
    bool forgotten = false;      // it is in answered_ only
    std::list<entry_ptr> place;  // its future element of answered_, null until then: so answering it needs no memory

    std::size_t charge() const noexcept {
        std::size_t bytes = sizeof(entry) + 64 + answer.capacity();
        for (auto const& each : names)
            bytes += 2 * each.capacity() + 128;
        return bytes;
    }
};

idempotency_window::idempotency_window(std::span<shard* const> shards, milliseconds length, std::size_t most_bytes,
                                       memory_meter& meter)
    : length_(length), most_bytes_(most_bytes), meter_(meter), changes_(std::make_shared<channel>(shards)) {}

idempotency_window::~idempotency_window() {
    meter_.remove(bytes_);
}

idempotency_window::finding idempotency_window::begin(std::span<std::string_view const> rooms, std::string_view key,
                                                      std::int64_t now, std::uint64_t content) {
    auto fresh = std::make_shared<entry>();
    for (auto const& room : rooms)
        fresh->names.push_back(std::string(room).append("/").append(key));  // no room has a '/' in its name
    fresh->content = content;
    std::list<entry_ptr> place(1);
    std::lock_guard const lock(mutex_);
    expire(now, expired_at_once);
    for (auto const& name : fresh->names) {
        if (auto const found = entries_.find(name); found != entries_.end()) {
            auto const owner = found->second;
            auto& known = *owner;
            if (known.due != 0 && known.due <= now) {
                forget(known);
                continue;
            }
            if (known.content != content && known.content != 0 && content != 0)
                return {standing::different, nullptr, {}};
            if (known.due == 0)
                return {standing::under_way, nullptr, {}};
            return {standing::answered, nullptr, known.answer};
        }
    }
    try {
        for (auto const& name : fresh->names)
            entries_.emplace(name, fresh);
    } catch (...) {
        for (auto const& name : fresh->names)
            entries_.erase(name);
        throw;
    }
    fresh->place = std::move(place);
    return {standing::first, std::move(fresh), {}};
}

void idempotency_window::answer(entry_ptr const& first, std::string with, shard& here, std::int64_t now) {
    {
        std::lock_guard const lock(mutex_);
        first->answer = std::move(with);
        // Both times are truncated to milliseconds: without the extra one, the window could be up to a millisecond too
        // short.
        first->due = now + length_.count() + (length_.count() > 0 ? 1 : 0);
        meter_.add(first->charge());
        bytes_ += first->charge();
        first->place.front() = first;
        answered_.splice(answered_.end(), first->place);
        while (answered_.size() > max_answers || bytes_ > most_bytes_) {
            forget(*answered_.front());
            answered_.pop_front();
        }
    }
    changes_->signal(here, changes_);
}

void idempotency_window::give_up(entry_ptr const& first, shard& here) {
    {
        std::lock_guard const lock(mutex_);
        for (auto const& name : first->names)
            entries_.erase(name);
        first->place.clear();
    }
    changes_->signal(here, changes_);
}

void idempotency_window::forget(entry& what) {
    if (std::exchange(what.forgotten, true))
        return;
    meter_.remove(what.charge());
    bytes_ -= what.charge();
    for (auto const& name : what.names)
        entries_.erase(name);
}

bool idempotency_window::expire(std::int64_t now, std::size_t most) {
    for (; !answered_.empty() && answered_.front()->due <= now; --most) {
        if (most == 0)
            return true;
        forget(*answered_.front());
        answered_.pop_front();
    }
    return false;
}

bool idempotency_window::sweep_some(std::size_t most, std::int64_t now) {
    std::lock_guard const lock(mutex_);
    return expire(now, most);
}

}  // namespace anteroom
