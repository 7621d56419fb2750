#include <anteroom/encode/json.hpp>
#include <anteroom/handlers/publish_frame.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <utility>

namespace anteroom {

publish_frame read_publish_frame(std::string_view text, subscription const& of) {
    publish_frame out{{}, false, bad_input{400, R"(send a JSON object: {"data":..., "key":...})"}};
    auto const compact = encode::compact_json(text);
    auto const members = compact ? encode::members(*compact) : std::nullopt;
    if (!members)
        return out;
    out.is_object = true;
    std::string_view data;
    std::optional<std::string> room;
    for (auto const& each : *members) {
        if (encode::is_named(each, "data"))
            data = each.value;
        else if (encode::is_named(each, "key"))
            out.key = each.value;
        else if (encode::is_named(each, "room"))
            room = encode::string_value(each.value).value_or("");
    }
    to_publish asked;
    auto const refuse = [&](unsigned status, std::string detail) {
        out.what = bad_input{status, std::move(detail)};
        return out;
    };
    if (!out.key.empty()) {
        auto const key = encode::string_value(out.key);
        if (!key || !is_client_made(*key))
            return refuse(400, "'key' must be a string of 1 to 128 visible ASCII characters");
        asked.key = *key;
    }
    if (data.empty())
        return refuse(400, R"(the member 'data' is the message, and it is missing)");
    if (room) {
        for (std::size_t i = 0; i < of.rooms.size() && asked.rooms.empty(); ++i) {
            if (of.rooms.room_at(i).name() == *room)
                asked.rooms.push_back(*room);
        }
    } else if (of.rooms.size() == 1) {
        asked.rooms.push_back(of.rooms.room_at(0).name());
    }
    if (asked.rooms.empty())
        return refuse(400, "'room' must be one of the rooms that this socket follows");
    std::string_view const view = asked.rooms.front();
    if (auto const refused = refused_room({&view, 1}))
        return refuse(refused->status, refused->detail);
    auto const string = encode::string_value(data);
    auto& what = asked.what.emplace_back();
    what.kind = string ? content::text : content::json;
    what.data = string ? *string : std::string(data);
    if (of.who)
        what.from = of.who->as;
    out.what = std::move(asked);
    return out;
}

std::string answer_to_frame(std::string_view key, published const& done) {
    bool const well = done.status == 201;
    auto const facts = well
                           ? done.text
                           : boost::json::serialize(boost::json::object{
                                 {"status", done.status}, {"title", http::reason(done.status)}, {"detail", done.text}});
    std::string out = well ? R"({"ack":{)" : R"({"error":{)";
    if (!key.empty())
        out.append(R"("key":)").append(key).append(",");
    return out.append(facts, 1).append("}");
}

}  // namespace anteroom
