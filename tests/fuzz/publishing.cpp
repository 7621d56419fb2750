// Bodies of publishes, in each of their types and in any split: what is taken is read again as the same value, and what
// is refused is not what its type says.
#include "house.hpp"
#include "json_value.hpp"
#include <anteroom/base/text.hpp>

#include <string>
#include <vector>

using namespace anteroom;
using namespace anteroom::fuzz;

namespace {

using values = std::optional<std::vector<boost::json::value>>;

// What a batch says: a message a line.
values lines(std::string_view body) {
    std::vector<boost::json::value> out;
    while (!body.empty()) {
        auto const end = body.find('\n');
        auto const line = body.substr(0, end);
        body.remove_prefix(end == body.npos ? body.size() : end + 1);
        if (line.find_first_not_of(" \t\r") == line.npos)
            continue;
        auto value = parse_json(line);
        if (!value)
            return std::nullopt;
        out.push_back(std::move(*value));
    }
    return out.empty() ? std::nullopt : std::optional(std::move(out));
}

values expected(std::string_view type, std::string_view body) {
    if (body.empty())
        return std::nullopt;
    if (type == "application/x-ndjson")
        return lines(body);
    if (type == "text/plain")
        return is_utf8(body) ? values({boost::json::value(boost::json::string_view(body.data(), body.size()))})
                             : values();
    auto value = parse_json(body);
    return value ? values({std::move(*value)}) : values();
}

std::string body_of(std::string const& output) {
    auto const head = output.find("\r\n\r\n");
    check(head != output.npos, "an answer has a head");
    return output.substr(head + 4);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static constexpr std::array<std::string_view, 3> types = {"application/json", "application/x-ndjson", "text/plain"};
    auto input = as_text(data, size);
    auto const how = take_byte(input);
    auto const type = types[how % types.size()];
    std::string request = "POST /room/a/publish HTTP/1.1\r\nHost: localhost\r\nContent-Type: ";
    request.append(type).append("\r\nContent-Length: ").append(std::to_string(input.size())).append("\r\n\r\n");
    request.append(input);
    house it;
    {
        connection publisher(it);
        publisher.send(request, pieces::of(how / static_cast<unsigned>(types.size())));
        auto const& answer = publisher.receive();
        auto const wanted = expected(type, input);
        bool const taken = answer.starts_with("HTTP/1.1 201 ");
        check(taken || answer.starts_with("HTTP/1.1 4"), "a publish is answered");
        if (!taken) {
            // Nesting has a limit.
            check(!wanted ||
                      std::count(input.begin(), input.end(), '[') + std::count(input.begin(), input.end(), '{') > 256,
                  "what is refused is not what its type says");
            check(it.rooms().totals().messages == 0, "and appends nothing");
            return 0;
        }
        check(wanted.has_value(), "what is taken is what its type says");
        check(parse_json(body_of(answer)).has_value(), "a receipt is JSON");
        connection reader(it);
        reader.send("GET /room/a/messages?limit=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n", pieces::whole());
        auto const list = parse_json(body_of(reader.receive()));
        check(list.has_value(), "a list of messages is JSON");
        auto const& messages = list->get_object().at("messages").get_array();
        auto const count = std::min<std::size_t>(wanted->size(), 1000);
        check(messages.size() <= count && !messages.empty(), "as many messages as were published");
        for (std::size_t i = 1; i <= messages.size(); ++i)
            check(is_same(messages[messages.size() - i].get_object().at("data"), (*wanted)[wanted->size() - i]),
                  "with the data that was published");
    }
    return 0;
}
