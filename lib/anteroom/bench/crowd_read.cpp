// What the subscribers and publishers of a crowd do with what arrives.
#include <anteroom/bench/body.hpp>
#include <anteroom/bench/crowd.hpp>

#include <fmt/format.h>

#include <stdexcept>

namespace anteroom::bench {

void crowd::read_subscriber(subscriber& who, bool to_the_end) {
    for (bool more = true; more || to_the_end;) {
        auto bytes = who.link.receive(more);
        if (bytes.empty()) {
            return;
        }
        now_ = now_ns();  // of all that is in these bytes
        answer got;
        auto const state = read_answer(bytes, got);
        if (state == answer_state::incomplete) {
            who.link.keep(bytes);
            continue;
        }
        if (state == answer_state::malformed || got.size != bytes.size()) {
            throw std::runtime_error(fmt::format("a poll of room {} got {}: {:.300}", name_of(who),
                                                 state == answer_state::malformed ? "a malformed answer"  //
                                                                                  : "more than one answer",
                                                 bytes));
        }
        on_polled(who, got);
    }
}

void crowd::read_publisher(publisher& who) {
    who.link->flush();
    for (bool more = true; more;) {
        auto bytes = who.link->receive(more);
        while (!bytes.empty()) {
            answer got;
            auto const state = read_answer(bytes, got);
            if (state == answer_state::incomplete) {
                who.link->keep(bytes);
                break;
            }
            if (state == answer_state::malformed || who.unanswered == 0) {
                throw std::runtime_error(fmt::format("a publish got a malformed answer: {:.300}", bytes));
            }
            on_published(who, got);
            bytes.remove_prefix(got.size);
        }
    }
    send_ready(who);
}

void crowd::on_polled(subscriber& who, answer const& got) {
    auto const outcome = dialect_->classify(got);
    if (outcome == poll_outcome::refused || got.close) {
        throw std::runtime_error(fmt::format("a poll of room {} was answered {}{}: {:.300}", name_of(who), got.status,
                                             got.close ? " and closed" : "", got.body));
    }
    dialect_->update_cursor(got, who.cursor);
    if (outcome == poll_outcome::message && who.cursor.empty() && dialect_->resumes()) {
        throw std::runtime_error("a message came without a cursor");
    }
    subscribe(who, targets_[who.group]);
    bool empty = true;
    if (outcome == poll_outcome::message) {
        dialect_->read(got, [&](subscriber_event const& event) {
            empty = false;
            on_event(who, event);
        });
    }
    counts_.empty_polls += empty ? 1 : 0;
}

void crowd::read_stream(subscriber& who, bool to_the_end) {
    who.link.flush();
    for (bool more = true; more || to_the_end;) {
        auto bytes = who.link.receive(more);
        if (bytes.empty()) {
            return;
        }
        now_ = now_ns();  // of all that is in these bytes
        if (!who.open) {
            answer head;
            auto const state = read_head(bytes, head);
            if (state == answer_state::incomplete) {
                who.link.keep(bytes);
                continue;
            }
            if (state == answer_state::malformed || !dialect_->opened(head)) {
                throw std::runtime_error(fmt::format("no stream of room {} but: {:.300}", name_of(who), bytes));
            }
            who.open = true;
            --unopened_;
            last_progress_ = now_ns();
            who.events.chunked(head.chunked);
            bytes.remove_prefix(head.size);
        }
        auto const used =
            options_.transport == transport_kind::sse
                ? who.events.read(bytes, [&](sse_event const& event) { on_event(who, dialect_->read(event)); })
                : who.frames.read(bytes, [&](frame_kind kind, std::string_view text) { on_frame(who, kind, text); });
        who.link.keep(bytes.substr(used));
    }
}

void crowd::on_frame(subscriber& who, frame_kind kind, std::string_view payload) {
    switch (kind) {
        case frame_kind::message:
            return on_event(who, dialect_->read(payload));
        case frame_kind::ping:
            ++counts_.pings;
            request_.clear();
            write_pong(request_, payload);
            return who.link.send(request_);
        case frame_kind::close:
            throw std::runtime_error("the server closed a WebSocket");
    }
}

void crowd::on_event(subscriber& who, subscriber_event const& event) {
    switch (event.type) {
        case subscriber_event::kind::message:
            return on_message(who, event.body, event.room);
        case subscriber_event::kind::gap:
            return on_gap(who, event.gap);
        case subscriber_event::kind::nothing:
            return;
        case subscriber_event::kind::refused:
            throw std::runtime_error(fmt::format("a subscriber of room {} got {:.300}", name_of(who), event.body));
    }
}

void crowd::on_gap(subscriber& who, reported_gap const& gap) {
    std::size_t index = 0;
    for (auto const first = who.group * options_.together;
         options_.together > 1 && rooms_[first + index].name != gap.room;) {
        if (++index == options_.together) {
            throw std::runtime_error(fmt::format("a gap in a room that nobody follows: {:.300}", gap.room));
        }
    }
    ++counts_.gaps;
    if (gap.counted) {
        who.rooms[index].order.skip(gap.missed);
        counts_.missed += gap.missed;
    } else {
        who.rooms[index].gap_of_unknown_size = true;
    }
}

void crowd::on_message(subscriber& who, std::string_view text, std::string_view where) {
    message_body body;
    auto const first = who.group * options_.together;
    if (!body.read(text, options_.body_bytes) || body.room < first || body.room >= first + options_.together ||
        (!where.empty() && where != rooms_[body.room].name)) {
        throw std::runtime_error(
            fmt::format("room {} {} got what was never published there: {:.300}", name_of(who), where, text));
    }
    auto const now = now_;
    auto& in = rooms_[body.room];
    auto& [order, jump] = who.rooms[body.room - first];
    if (jump) {
        auto const before = order.due();
        order.skip_to(body.number);
        counts_.missed += order.due() - before;
        jump = false;
    }
    auto const verdict = order.take(body.number);
    ++counts_.deliveries;
    last_progress_ = now;
    if (body.due >= record_from_) {
        latencies_.record(now - body.due);
    }
    if (verdict == sequence::verdict::repeated || verdict == sequence::verdict::late) {
        ++(verdict == sequence::verdict::late ? counts_.late : counts_.repeated);
        return;
    }
    count_down(in, body.number, body.due, now);
    if (body.number != in.published || in.outstanding == 0) {
        return;
    }
    --in.outstanding;
    if (in.outstanding == 0) {
        ++complete_rooms_;
        if (auto const next = first + (body.room - first + 1) % options_.together;
            rooms_[next].published < repeat_most_) {
            publish(next, now);
        }
    }
}

// The last subscriber of a message ends its time. One that is passed over by a gap never ends; of those only so many
// are remembered.
void crowd::count_down(room& in, std::uint64_t number, std::uint64_t due, std::uint64_t now) {
    constexpr std::size_t most_open = 4096;
    auto const index = number - in.first_open;
    if (number < in.first_open || index >= in.open.size()) {
        return;
    }
    if (--in.open[index] == 0 && due >= record_from_) {
        last_latencies_.record(now - due);
    }
    while (!in.open.empty() && (in.open.front() == 0 || in.open.size() > most_open)) {
        in.open.pop_front();
        ++in.first_open;
    }
}

void crowd::on_published(publisher& who, answer const& got) {
    if (!dialect_->accepted(got) || got.close) {
        throw std::runtime_error(fmt::format("a publish was answered {}: {:.300}", got.status, got.body));
    }
    --who.unanswered;
    --unanswered_;
    ++counts_.published;
    last_progress_ = now_ns();
    if (may_publish(who)) {
        add_to_queue(who, who.room, last_progress_);
    }
}

}  // namespace anteroom::bench
