#include "ledger.hpp"

namespace anteroom::simulation {

namespace {

void promised(bool kept, char const* what) {
    if (!kept)
        throw broken_promise(what);
}

}  // namespace

void ledger::begin(cursor at) {
    restart(at);
}

void ledger::restart(cursor at) noexcept {
    at_ = start_ = at;
    received_ = missed_ = 0;
}

// The origin is the beginning of the life that the room has when the client first hears of it.
void ledger::bind(std::uint64_t epoch) noexcept {
    if (at_.is_origin())
        at_ = start_ = {epoch, 0};
}

void ledger::take(gap const& told, cursor next) {
    switch (told.reason) {
        case gap_reason::evicted:
            promised(told.missed.has_value(), "messages were evicted, and not said how many");
            promised(*told.missed > 0, "a gap of nothing");
            bind(next.epoch);
            promised(at_.epoch == next.epoch, "a gap of number between two lives");
            promised(at_.number + *told.missed == next.number, "a gap is not as long as it is said to be");
            missed_ += *told.missed;
            break;
        case gap_reason::restarted:
            promised(!at_.is_origin(), "the origin is a place in every life");
            promised(!told.missed, "what was missed over a restart cannot be known");
            restart(next);
            break;
        case gap_reason::deleted:
            promised(told.missed.has_value(), "messages were deleted, and not said how many");
            promised(at_.epoch != next.epoch, "a room was deleted, and its life went on");
            // Only the server knows in which life a client at the origin was.
            if (at_.is_origin())
                restart(next);
            else
                missed_ += *told.missed;
            break;
    }
    at_ = next;
}

void ledger::take(message const& received) {
    auto const id = received.id();
    bind(id.epoch);
    promised(id.epoch == at_.epoch, "a message of another life came without a gap");
    promised(id.number > at_.number, "a message came twice, or out of its order");
    promised(id.number == at_.number + 1, "a message is missing without a gap");
    at_ = id;
    ++received_;
}

void ledger::arrive(cursor at) {
    if (at.number == 0 && !at.is_origin())
        bind(at.epoch);
    promised(at == at_, "the next cursor is not where the answer ends");
}

void ledger::take(batch const& answer) {
    if (answer.missed)
        take(*answer.missed, {answer.next.epoch, answer.next.number - answer.messages.size()});
    for (auto const& each : answer.messages)
        take(*each);
    arrive(answer.next);
}

void ledger::settle(cursor end, std::uint64_t published) const {
    promised(at_ == end || (at_.is_origin() && end.number == 0), "the client has not caught up with the room");
    promised(received_ + missed_ == published, "received + missed is not what was published");
}

}  // namespace anteroom::simulation
