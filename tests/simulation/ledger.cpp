#include "ledger.hpp"

namespace anteroom::simulation {

namespace {

void promised(bool kept, char const* what) {
    if (!kept)
        throw broken_promise(what);
}

}  // namespace

void ledger::begin(cursor at) {
    at_ = at;
    start_ = at.number;
    received_ = missed_ = 0;
    seen_.clear();
}

void ledger::take(batch const& answer) {
    if (answer.missed)
        take_gap(*answer.missed, answer);
    for (auto const& each : answer.messages) {
        auto const id = each->id();
        promised(at_.is_origin() || id.epoch == at_.epoch, "a message of another life came without a gap");
        promised(id.number == at_.number + 1, "a message came out of its order, or one is missing without a gap");
        promised(seen_.emplace(id.epoch, id.number).second, "a message came twice");
        at_ = id;
        ++received_;
    }
    promised(at_ == answer.next || (at_.is_origin() && answer.next.number == 0),
             "the next cursor is not where the answer ends");
    at_ = answer.next;
}

void ledger::take_gap(gap const& told, batch const& answer) {
    auto const first = answer.messages.empty() ? answer.next.number + 1 : answer.messages.front()->id().number;
    switch (told.reason) {
        case gap_reason::evicted:
            promised(told.missed.has_value(), "messages were evicted, and not said how many");
            promised(*told.missed > 0, "a gap of nothing");
            promised(at_.is_origin() || at_.epoch == answer.next.epoch, "a gap of number between two lives");
            at_.epoch = answer.next.epoch;
            at_.number += *told.missed;
            missed_ += *told.missed;
            break;
        case gap_reason::restarted:
            promised(!at_.is_origin(), "the origin is a place in every life");
            promised(!told.missed, "what was missed over a restart cannot be known");
            at_ = {answer.next.epoch, first - 1};
            start_ = at_.number;
            received_ = missed_ = 0;
            break;
        case gap_reason::deleted:
            promised(false, "nothing was deleted");
    }
}

void ledger::settle(cursor end) const {
    promised(at_ == end || (at_.is_origin() && end.number == 0), "the client has not caught up with the room");
    promised(start_ + received_ + missed_ == end.number, "received + missed is not what was published");
}

}  // namespace anteroom::simulation
