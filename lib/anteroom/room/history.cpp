#include <anteroom/room/history.hpp>

#include <algorithm>
#include <utility>

namespace anteroom {

std::string_view to_string(gap_reason reason) noexcept {
    switch (reason) {
        case gap_reason::evicted:
            return "evicted";
        case gap_reason::restarted:
            return "restarted";
        case gap_reason::deleted:
            return "deleted";
    }
    return "unknown";
}

void history::reserve(std::size_t count, history_limits const& limits, commitment when) {
    bool const readable = when == commitment::immediate && everything_readable();
    auto needed = messages_.size() + count;
    // What cannot be read yet comes on top of the limit.
    if (readable)
        needed = std::min(needed, std::max({limits.messages, messages_.size(), std::size_t{1}}));
    if (needed > messages_.capacity()) {
        constexpr std::size_t fewest = 4;
        auto capacity = std::max({needed, messages_.capacity() * 2, fewest});
        if (needed <= limits.messages)
            capacity = std::min(capacity, std::max(limits.messages, fewest));
        messages_.set_capacity(capacity);
    }
    if (!readable) {
        if (!pending_)
            pending_ = std::make_unique<pending>();
        auto& committed = pending_->committed;
        if (committed.reserve() < count)
            committed.set_capacity(std::max(committed.size() + count, committed.capacity() * 2));
    }
}

cursor history::append(new_message_ptr what, moment now, history_limits const& limits, commitment when) {
    bool const readable = when == commitment::immediate && everything_readable();
    reserve(1, limits, when);
    auto const charge = what->charge();
    pop_expired(now.steady, limits.age);
    while (readable && can_pop() && (messages_.size() >= limits.messages || bytes_ + charge > limits.bytes))
        pop();
    if (messages_.empty())
        oldest_ = now.steady;
    what->place({epoch_, appended_ + 1}, now);
    messages_.push_back(std::move(what));
    bytes_ += charge;
    ++appended_;
    if (readable) {
        readable_ = appended_;
    } else {
        pending_->committed.push_back(when == commitment::immediate);
        pending_->bytes += charge;
    }
    return {epoch_, appended_};
}

bool history::commit(cursor first, cursor last, history_limits const& limits) {
    if (last.epoch != epoch_)
        return false;
    if (!pending_)
        return last.number <= readable_;
    auto& committed = pending_->committed;
    for (auto i = std::max(first.number, readable_ + 1); i <= std::min(last.number, appended_); ++i)
        committed[static_cast<std::size_t>(i - readable_ - 1)] = true;
    while (!committed.empty() && committed.front()) {
        committed.pop_front();
        pending_->bytes -= at(++readable_)->charge();
    }
    while (this->first() < readable_ && (size() > limits.messages || bytes_ - pending_->bytes > limits.bytes))
        pop();
    if (committed.empty())
        pending_.reset();
    return last.number <= readable_;
}

std::uint64_t history::resume(cursor after, std::optional<gap>& missed) const noexcept {
    if (!after.is_origin() && (after.epoch != epoch_ || after.number > readable_)) {
        missed = since(after);
        return first();
    }
    if (after.number + 1 < first()) {
        missed = gap{gap_reason::evicted, first() - after.number - 1};
        return first();
    }
    return after.number + 1;
}

gap history::since(cursor after) const noexcept {
    auto const same = [&](former_life const& life) { return life.epoch == after.epoch; };
    auto life = std::find_if(former_lives_.begin(), former_lives_.end(), same);
    if (life == former_lives_.end() || after.number > life->last)
        return {gap_reason::restarted, std::nullopt};
    std::uint64_t missed = life->last - after.number + first() - 1;
    while (++life != former_lives_.end())
        missed += life->last;
    return {gap_reason::deleted, missed};
}

batch history::read(cursor after, std::size_t limit) const {
    batch out;
    auto const from = resume(after, out.missed);
    auto count = std::min<std::uint64_t>(limit, readable_ + 1 - from);
    std::size_t bytes = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        bytes += at(from + i)->charge();
        if (i > 0 && bytes > max_batch_bytes)
            count = i;
    }
    take(out, from, count);
    out.next = {epoch_, from + count - 1};
    out.more = out.next.number < readable_;
    return out;
}

batch history::before(std::optional<cursor> before, std::size_t limit) const {
    batch out;
    std::uint64_t end = readable_ + 1;
    if (before) {
        if (!before->is_origin() && (before->epoch != epoch_ || before->number > readable_))
            out.missed = since(*before);
        else
            end = std::max<std::uint64_t>(before->number, 1);
    }
    // Also if all of the page has been evicted: a reader that continues from there gets the gap.
    out.next = {epoch_, end - 1};
    end = std::max(end, first());
    auto count = std::min<std::uint64_t>(limit, end - first());
    std::size_t bytes = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        bytes += at(end - 1 - i)->charge();
        if (i > 0 && bytes > max_batch_bytes)
            count = i;
    }
    take(out, end - count, count);
    out.more = end - count > first();
    return out;
}

void history::take(batch& into, std::uint64_t from, std::size_t count) const {
    into.messages.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        into.messages.push_back(at(from + i));
}

void history::restart(std::uint64_t epoch) {
    if (former_lives_.size() == max_former_lives)
        former_lives_.erase(former_lives_.begin());
    former_lives_.push_back({epoch_, appended_});
    while (!messages_.empty())
        pop();
    release_if_empty();
    pending_.reset();
    epoch_ = epoch;
    appended_ = readable_ = 0;
}

bool history::expire(std::int64_t now, milliseconds age) {
    auto const before = messages_.size();
    pop_expired(now, age);
    release_if_empty();
    return messages_.size() < before;
}

std::size_t history::evict(std::size_t bytes) {
    std::size_t const before = bytes_;
    while (can_pop() && before - bytes_ < bytes)
        pop();
    release_if_empty();
    return before - bytes_;
}

void history::pop() {
    bytes_ -= messages_.front()->charge();
    messages_.pop_front();
    if (!messages_.empty())
        oldest_ = messages_.front()->appended();
}

void history::pop_expired(std::int64_t now, milliseconds age) {
    while (can_pop() && oldest_ + age.count() <= now)
        pop();
}

// The memory that a burst needed is released once the room is empty again.
void history::release_if_empty() {
    if (messages_.empty())
        messages_.set_capacity(0);
}

}  // namespace anteroom
