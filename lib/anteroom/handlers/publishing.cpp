#include <anteroom/base/keyed_hash.hpp>
#include <anteroom/base/log.hpp>
#include <anteroom/base/text.hpp>
#include <anteroom/encode/json.hpp>
#include <anteroom/handlers/idempotency_key.hpp>
#include <anteroom/handlers/publishing.hpp>
#include <anteroom/room/room_name.hpp>

#include <boost/asio/post.hpp>
#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <exception>
#include <span>
#include <utility>

namespace anteroom {

namespace {

boost::container::small_vector<std::string_view, 4> views(std::span<std::string const> of) {
    return {of.begin(), of.end()};
}

std::string as_duplicate(std::string receipt) {
    if (receipt.empty())
        return R"({"duplicate":true})";
    receipt.back() = ',';
    return receipt.append(R"("duplicate":true})");
}

// A number by which another use of a key is recognised: only that of the same messages, by the same author, in the same
// rooms and with the same form of receipt is the same. Never 0.
std::uint64_t fingerprint(to_publish const& what) noexcept {
    // FNV's prime; the hash of each text is a good one already.
    constexpr std::uint64_t factor = 0x100000001B3U;
    std::uint64_t rooms = what.several ? 1 : 0;
    for (auto const& each : what.rooms)
        rooms += keyed_hash{}(each);  // in any order
    std::uint64_t out = rooms * factor + what.what.size() * 2 + (what.batch ? 1 : 0);
    for (auto const& each : what.what) {
        out = (out * factor ^ keyed_hash{}(each.data)) * factor + static_cast<unsigned>(each.kind);
        out = out * factor ^ keyed_hash {}(each.from);
    }
    return std::max<std::uint64_t>(out, 1);
}

// Messages that are being sent cannot be evicted: those who have not read theirs for the longest time are closed, here
// at once, on other shards before the next try.
void relieve(caller const& by) {
    for (auto* const each : by.app.shards) {
        if (each != &by.shard())
            asio::post(each->io(), [each] { each->relieve(); });
    }
    by.shard().relieve();
}

/// The first publish with its idempotency key. Unless it is answered, the key is released, or, once the messages were
/// appended, remembered without an answer, so that a repeat does not append them again.
class first_with_key {
  public:
    first_with_key(idempotency_window& keys, shard& here) noexcept : keys_(keys), here_(here) {}
    first_with_key(first_with_key const&) = delete;
    first_with_key& operator=(first_with_key const&) = delete;
    ~first_with_key() {
        try {
            if (entry_ && appended_)
                keys_.answer(entry_, {}, here_);
            else if (entry_)
                keys_.give_up(entry_, here_);
        } catch (std::exception const& error) {
            log::error("a publish with a key: {}", error.what());
        }
    }
    void appended() noexcept { appended_ = true; }
    void is(idempotency_window::entry_ptr entry) noexcept { entry_ = std::move(entry); }
    void answer(std::string const& with) {
        if (!entry_)
            return;
        keys_.answer(entry_, with, here_);
        entry_ = nullptr;
    }

  private:
    idempotency_window& keys_;
    shard& here_;
    idempotency_window::entry_ptr entry_;
    bool appended_ = false;
};

}  // namespace

void send(http::session& client, published const& done) {
    if (done.status == 201)
        client.send(done.status, http::json_fields, done.text);
    else
        send(client, bad_input{done.status, done.text});
}

parsed<draft> text_draft(std::string_view body) {
    if (!is_utf8(body))
        return bad_input{400, "a text message must be valid UTF-8"};
    return draft{content::text, std::string(body), {}};
}

parsed<draft> json_draft(std::string_view body) {
    auto compact = encode::compact_json(body);
    if (!compact)
        return bad_input{400,
                         "the body is not valid JSON (or has half of a surrogate pair, or too many levels); send it as "
                         "text/plain if it is not meant to be"};
    return draft{content::json, std::move(*compact), {}};
}

std::optional<bad_input> refused_room(std::span<std::string_view const> rooms) {
    if (std::none_of(rooms.begin(), rooms.end(), is_presence_room))
        return std::nullopt;
    return bad_input{403, "a room of joins and leaves is published by the server alone"};
}

std::optional<published> publish(caller const& by, to_publish const& what) {
    auto const rooms = views(what.rooms);
    auto& here = by.shard();
    first_with_key first(by.app.keys, here);
    if (!what.key.empty()) {
        auto found = by.app.keys.begin(rooms, what.key, steady_now(), fingerprint(what));
        if (found.is == idempotency_window::standing::under_way)
            return std::nullopt;
        if (found.is == idempotency_window::standing::different)
            return published{
                422, "this key was used for another publish: another message, author, rooms or form; use a new one"};
        if (found.is == idempotency_window::standing::answered)
            return published{201, as_duplicate(std::move(found.answer))};
        first.is(std::move(found.what));
    }
    // Whoever waits may have been answered for the last time when this would be acknowledged.
    if (by.client.frozen())
        return published{503, "the server is shutting down; publish again in a moment"};
    auto added = by.app.rooms.append(rooms, what.what);
    if (!added && by.app.rooms.fits_at_all(rooms.size(), what.what)) {
        relieve(by);
        added = by.app.rooms.append(rooms, what.what);
    }
    if (!added)
        return published{503, "the messages that are kept take all the memory that they may; try again later"};
    first.appended();
    // A burst is delivered to each subscriber in one write: while more input follows this publish, no subscriber is
    // resumed.
    auto const how = by.client.has_more_input() ? wake_up::queued : wake_up::in_place;
    auto receipt =
        encode::json(added->announce(here, how), what.batch, std::span(rooms).first(what.several ? rooms.size() : 0));
    first.answer(receipt);
    return published{201, std::move(receipt)};
}

awaitable<published> publish_after_others(caller by, to_publish what) {
    for (;;) {
        auto const seen = by.app.keys.changes().now();
        auto done = publish(by, what);
        if (done)
            co_return std::move(*done);
        // Its memory is the session's; nothing cancels it, since the publish may have been done by then.
        co_await by.app.keys.changes().async_wait(by.shard(), seen, by.client.stoppable());
    }
}

}  // namespace anteroom
