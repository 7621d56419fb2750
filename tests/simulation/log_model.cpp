#include "log_model.hpp"

#include <algorithm>
#include <utility>

namespace anteroom::simulation {

void log_model::append(std::string data, std::int64_t now, history_limits const& limits, commitment when) {
    auto const charge = message::charge_of({content::text, data, {}});
    expire(now, limits.age);
    entries_.push_back({std::move(data), now, charge, when == commitment::immediate});
    advance(limits);
}

bool log_model::commit(cursor first, cursor last, history_limits const& limits) {
    if (last.epoch != epoch_)
        return false;
    for (auto number = first.number; number <= last.number; ++number)
        entries_.at(static_cast<std::size_t>(number - 1)).committed = true;
    advance(limits);
    return last.number <= readable_;
}

// What is committed can be read up to the first that is not; the limits are those of what can be read.
void log_model::advance(history_limits const& limits) {
    while (readable_ < entries_.size() && entries_[readable_].committed)
        ++readable_;
    auto kept = bytes_between(gone_, readable_);
    while (readable_ - gone_ > 1 && (readable_ - gone_ > limits.messages || kept > limits.bytes))
        kept -= entries_[gone_++].charge;
}

void log_model::take_back() {
    entries_.pop_back();
    readable_ = std::min(readable_, entries_.size());
}

void log_model::expire(std::int64_t now, milliseconds age) {
    while (gone_ < readable_ && now - entries_[gone_].time >= age.count())
        ++gone_;
}

void log_model::evict(std::size_t bytes_to_free) {
    std::size_t freed = 0;
    while (gone_ < readable_ && freed < bytes_to_free)
        freed += entries_[gone_++].charge;
}

void log_model::restart(std::uint64_t epoch) {
    former_lives_.push_back({epoch_, appended()});
    epoch_ = epoch;
    entries_.clear();
    readable_ = gone_ = 0;
}

bool log_model::is_of_this_life(cursor at) const noexcept {
    return at.is_origin() || (at.epoch == epoch_ && at.number <= readable_);
}

std::optional<std::uint64_t> log_model::published_since(cursor at) const noexcept {
    if (at.epoch == epoch_ || at.is_origin())
        return last() - at.number;
    std::uint64_t later = last();
    for (auto former = former_lives_.rbegin(); former != former_lives_.rend(); ++former) {
        if (former->epoch == at.epoch)
            return at.number <= former->last ? std::optional(later + former->last - at.number) : std::nullopt;
        later += former->last;
    }
    return std::nullopt;
}

gap log_model::loss_since(cursor at) const {
    auto const first =
        former_lives_.size() > remembered_lives ? former_lives_.end() - remembered_lives : former_lives_.begin();
    bool const remembered =
        std::any_of(first, former_lives_.end(), [&](life const& each) { return each.epoch == at.epoch; });
    auto const later = published_since(at);
    if (!remembered || !later)
        return {gap_reason::restarted, std::nullopt};
    return {gap_reason::deleted, *later - (last() - gone_)};
}

std::size_t log_model::bytes_between(std::size_t begin, std::size_t end) const noexcept {
    std::size_t sum = 0;
    for (std::size_t i = begin; i < end; ++i)
        sum += entries_[i].charge;
    return sum;
}

expected_batch log_model::read(cursor after, std::size_t limit) const {
    expected_batch out;
    std::uint64_t received = 0;  // everything up to here
    if (!is_of_this_life(after))
        out.missed = loss_since(after);
    else
        received = after.number;
    if (received < gone_) {
        if (!out.missed)
            out.missed = gap{gap_reason::evicted, gone_ - received};
        received = gone_;
    }
    out.first = received + 1;
    std::size_t bytes_so_far = 0;
    for (out.last = received; out.last < std::min<std::uint64_t>(received + limit, last()); ++out.last) {
        bytes_so_far += entries_[static_cast<std::size_t>(out.last)].charge;
        if (bytes_so_far > max_batch_bytes && out.last > received)
            break;
    }
    out.next = {epoch_, out.last};
    out.more = out.last < last();
    return out;
}

expected_batch log_model::before(std::optional<cursor> place, std::size_t limit) const {
    expected_batch out;
    out.last = last();
    if (place && !is_of_this_life(*place))
        out.missed = loss_since(*place);
    else if (place)
        out.last = std::min(out.last, place->number == 0 ? 0 : place->number - 1);
    out.next = {epoch_, out.last};
    out.last = std::max<std::uint64_t>(out.last, gone_);
    std::size_t bytes_so_far = 0;
    for (out.first = out.last + 1; out.first > gone_ + 1 && out.last + 1 - out.first < limit; --out.first) {
        bytes_so_far += entries_[static_cast<std::size_t>(out.first - 2)].charge;
        if (bytes_so_far > max_batch_bytes && out.first <= out.last)
            break;
    }
    out.more = out.first > gone_ + 1;
    return out;
}

std::string log_model::difference(batch const& got, expected_batch const& expected) const {
    bool same = got.missed == expected.missed && got.next == expected.next && got.more == expected.more &&
                got.messages.size() == expected.last + 1 - expected.first;
    for (std::size_t i = 0; same && i < got.messages.size(); ++i) {
        auto const& each = *got.messages[i];
        same = each.id() == cursor{epoch_, expected.first + i} && each.data() == data(expected.first + i);
    }
    return same ? std::string() : "got " + describe(got) + ", expected " + describe(expected);
}

namespace {

std::string describe(std::optional<gap> const& missed, std::uint64_t first, std::uint64_t last, cursor next,
                     bool more) {
    std::string out = "{";
    if (missed)
        out += std::string(to_string(missed->reason)) + " " +
               (missed->missed ? std::to_string(*missed->missed) : "unknown") + ", ";
    out += first > last ? "no messages" : std::to_string(first) + ".." + std::to_string(last);
    return out + ", next " + to_string(next) + (more ? ", more}" : "}");
}

}  // namespace

std::string describe(batch const& of) {
    auto const first = of.messages.empty() ? 1 : of.messages.front()->id().number;
    auto const last = of.messages.empty() ? 0 : of.messages.back()->id().number;
    return describe(of.missed, first, last, of.next, of.more);
}

std::string describe(expected_batch const& of) {
    return describe(of.missed, of.first, of.last, of.next, of.more);
}

}  // namespace anteroom::simulation
