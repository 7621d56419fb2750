#include <anteroom/handlers/poll_again.hpp>
#include <anteroom/http/websocket.hpp>

#include <utility>

namespace anteroom {

namespace {

// For a few rooms it is not worth the memory.
constexpr std::size_t least_rooms = 8;

// Where the value of the parameter `after` stands in a target.
std::size_t find_after(std::string_view target) noexcept {
    for (auto at = target.find("after="); at != target.npos; at = target.find("after=", at + 1)) {
        if (at > 0 && (target[at - 1] == '?' || target[at - 1] == '&'))
            return at + 6;
    }
    return target.npos;
}

// Whether a piece of a query, as it was written, stands for a cursor.
bool stands_for(std::string_view written, std::string_view cursor) noexcept {
    if (written == cursor)
        return true;
    std::size_t at = 0;
    for (char const c : cursor) {
        // Those who encode more than they have to do so with these, and with the `%` of encoded names.
        std::string_view const encoded = c == '@' ? "%40" : c == ',' ? "%2C" : c == '%' ? "%25" : "";
        if (at < written.size() && written[at] == c && (c != '%'))
            ++at;
        else if (!encoded.empty() && written.substr(at, 3) == encoded)
            at += 3;
        else
            return false;
    }
    return at == written.size();
}

}  // namespace

std::unique_ptr<poll_request> poll_again::note(call const& by, subscription const& of) {
    bool const poll = of.as == form::raw || of.as == form::json;
    if (!poll || of.who || of.rooms.size() < least_rooms)
        return nullptr;
    auto out = std::make_unique<poll_request>();
    out->target = by.request.target;
    out->after_at = find_after(out->target);
    if (out->after_at != std::string::npos)
        out->target.erase(out->after_at, out->target.find('&', out->after_at) - out->after_at);
    else if (!by.request.get(http::header::last_event_id))
        return nullptr;  // its next poll will look different
    out->accept = by.request.get(http::header::accept).value_or("");
    out->prefer = by.request.get(http::header::prefer).value_or("");
    return out;
}

bool poll_again::goes_on(http::request const& with) const noexcept {
    auto const& before = *asked_.request;
    auto const& next = asked_.text->text();
    if (with.method != http::verb::get || with.get(http::header::upgrade) ||
        with.get(http::header::accept).value_or("") != before.accept ||
        with.get(http::header::prefer).value_or("") != before.prefer)
        return false;
    std::string_view const target = with.target;
    if (before.after_at == std::string::npos)
        return target == before.target && with.get(http::header::last_event_id) == next;
    if (target.size() < before.target.size())
        return false;
    auto const value = target.substr(before.after_at, target.size() - before.target.size());
    return target.starts_with(std::string_view(before.target).substr(0, before.after_at)) &&
           target.ends_with(std::string_view(before.target).substr(before.after_at)) && stands_for(value, next);
}

}  // namespace anteroom
