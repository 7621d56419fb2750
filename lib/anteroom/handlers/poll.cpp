#include <anteroom/handlers/poll.hpp>
#include <anteroom/http/written_parameter.hpp>

#include <algorithm>
#include <optional>
#include <string_view>
#include <typeinfo>
#include <utility>

namespace anteroom {

namespace {

// For fewer rooms in the query, remembering them is not worth the memory.
constexpr std::size_t least_rooms = 8;

// Whether a composite cursor is read as the same cursor if it is decoded once too often, as in a query in which it was
// not encoded: the names in it are then read as they are, unless they contain a `%` or the separator of entries.
bool may_be_literal(std::string_view cursor) noexcept {
    return cursor.find("%25") == cursor.npos && cursor.find("%2C") == cursor.npos;
}

// The value of `after` in a target with no other parameters: `/room/{room}/subscribe?after=VALUE`.
std::optional<std::string_view> only_after(std::string_view target, std::string_view room) noexcept {
    constexpr std::string_view before = "/room/";
    constexpr std::string_view behind = "/subscribe?after=";
    auto const length = before.size() + room.size() + behind.size();
    if (target.size() < length || !target.starts_with(before) || target.substr(before.size(), room.size()) != room ||
        target.substr(before.size() + room.size(), behind.size()) != behind)
        return std::nullopt;
    return target.substr(length);
}

// Remembers a poll of one room that can be recognised without storing strings: its path has the room's name unencoded,
// which leaves no other interpretation; the query has only a cursor; and the header has a number in the cache.
std::uint32_t note_one(call const& by, subscription const& of) noexcept {
    auto const query = by.target().query();
    bool const plain = query.empty() || (query.size() == 1 && query.front().name == "after");
    return plain && by.segment == of.rooms.room_at(0).name() ? by.request->header_id() : 0;
}

std::unique_ptr<poll_request> note_several(call const& by, subscription const& of) {
    // The next one is asked for its Host, which the authority of an absolute target overrides.
    if (of.rooms.size() < least_rooms || by.target().authority())
        return nullptr;
    // The very parameter that was read, wherever else the target may say `after`.
    auto const query = by.target().query();
    auto const after = std::find_if(query.begin(), query.end(), [](auto const& each) { return each.name == "after"; });
    if (after == query.end() && !by.request->get(http::header::last_event_id))
        return nullptr;  // its next poll will have a different target
    auto out = std::make_unique<poll_request>();
    out->target = by.request->target;
    if (after != query.end()) {
        auto const written =
            http::written_parameter(by.request->target, static_cast<std::size_t>(after - query.begin()));
        out->after_at = static_cast<std::size_t>(written.data() - by.request->target.data());
        out->target.erase(out->after_at, written.size());
    }
    out->accept = by.request->get(http::header::accept);
    out->prefer = by.request->get(http::header::prefer);
    out->may_be_literal = may_be_literal(of.text->text());
    return out;
}

}  // namespace

poll::poll(call const& by, subscription&& asked) : asked_(std::move(asked)) {
    if (asked_.who)
        return;
    if (asked_.several)
        asked_.request = note_several(by, asked_);
    else
        asked_.header_id = note_one(by, asked_);
    set_memory(asked_.memory());
}

std::unique_ptr<poll> poll::from(std::unique_ptr<http::connection_cache> kept) {
    auto& held = *kept;
    if (typeid(held) != typeid(poll))
        throw std::bad_cast();
    return std::unique_ptr<poll>(static_cast<poll*>(kept.release()));
}

void poll::keep_for_next(http::session& client, std::unique_ptr<poll> answered) noexcept {
    if (answered->asked_.header_id != 0 || answered->asked_.request)
        client.keep(std::move(answered));
}

bool poll::fits(http::request_line const& next) const noexcept {
    return next.method == http::verb::get && (asked_.several ? fits_several(next) : fits_one(next));
}

bool poll::fits_one(http::request_line const& next) const noexcept {
    if (next.fields->id != asked_.header_id)
        return false;
    auto const after = only_after(next.target, asked_.rooms.room_at(0).name());
    auto const at = after ? parse_cursor(*after) : std::nullopt;
    return at && *at == asked_.rooms.position(0);
}

bool poll::fits_several(http::request_line const& next) const noexcept {
    auto const& before = *asked_.request;
    auto const& cursor = asked_.text->text();
    auto const& fields = *next.fields;
    if (fields.get(http::header::upgrade) || fields.get(http::header::accept) != before.accept ||
        fields.get(http::header::prefer) != before.prefer)
        return false;
    auto const target = next.target;
    if (before.after_at == std::string::npos)
        return target == before.target && fields.get(http::header::last_event_id) == cursor;
    if (target.size() < before.target.size())
        return false;
    auto const value = target.substr(before.after_at, target.size() - before.target.size());
    if (!target.starts_with(std::string_view(before.target).substr(0, before.after_at)) ||
        !target.ends_with(std::string_view(before.target).substr(before.after_at)))
        return false;
    // What a parser decodes is the cursor that was given, and nothing else of the target has changed: no byte of a
    // cursor's text separates parameters.
    return (before.may_be_literal && value == cursor) || http::decodes_to(value, cursor);
}

}  // namespace anteroom
