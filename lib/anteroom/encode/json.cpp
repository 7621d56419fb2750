#include <anteroom/encode/json.hpp>
#include <anteroom/room/composite_cursor.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

namespace anteroom::encode {

using std::string_view_literals::operator""sv;

namespace {

// More nesting than real data has; it bounds the memory of the parser.
constexpr std::size_t max_depth = 256;

// Accepts every event of the parser and stores nothing: only validity matters.
struct validator {
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

    using ec = boost::json::error_code;
    using text = boost::json::string_view;

    bool on_document_begin(ec&) { return true; }
    bool on_document_end(ec&) { return true; }
    bool on_object_begin(ec&) { return true; }
    bool on_object_end(std::size_t, ec&) { return true; }
    bool on_array_begin(ec&) { return true; }
    bool on_array_end(std::size_t, ec&) { return true; }
    bool on_key_part(text, std::size_t, ec&) { return true; }
    bool on_key(text, std::size_t, ec&) { return true; }
    bool on_string_part(text, std::size_t, ec&) { return true; }
    bool on_string(text, std::size_t, ec&) { return true; }
    bool on_number_part(text, ec&) { return true; }
    bool on_int64(std::int64_t, text, ec&) { return true; }
    bool on_uint64(std::uint64_t, text, ec&) { return true; }
    bool on_double(double, text, ec&) { return true; }
    bool on_bool(bool, ec&) { return true; }
    bool on_null(ec&) { return true; }
    bool on_comment_part(text, ec&) { return true; }
    bool on_comment(text, ec&) { return true; }
};

template <class Number>
void append_number(std::string& out, Number number) {
    fmt::format_int const digits(number);
    out.append(digits.data(), digits.size());
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    static constexpr std::string_view hex = "0123456789abcdef";
    out += '"';
    std::size_t plain = 0;  // start of the run of characters that need no escape
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\')
            continue;
        out.append(text, plain, i - plain);
        plain = i + 1;
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                out += "\\u00";
                out += hex[static_cast<unsigned char>(c) >> 4U];
                out += hex[static_cast<unsigned char>(c) & 0xFU];
        }
    }
    out.append(text, plain);
    out += '"';
}

std::string make_json(message const& of) {
    std::string out = R"({"id":")";
    out.reserve(of.data().size() + of.from().size() + 96);
    append(out, of.id());
    out += R"(","time":)";
    append_number(out, of.time());
    if (!of.from().empty()) {
        out += R"(,"from":)";
        append_json_string(out, of.from());
    }
    out += R"(,"data":)";
    if (of.kind() == content::json)
        out += of.data();
    else
        append_json_string(out, of.data());
    out += '}';
    return out;
}

std::string json_room_prefix(std::string_view room) {
    std::string out = R"({"room":)";
    append_json_string(out, room);
    out += ',';
    return out;
}

std::string json(gap const& of, std::string_view room) {
    std::string out = R"({"room":)";
    append_json_string(out, room);
    fmt::format_to(std::back_inserter(out), R"(,"reason":"{}")", to_string(of.reason));
    if (of.missed)
        fmt::format_to(std::back_inserter(out), R"(,"missed":{})", *of.missed);
    out += '}';
    return out;
}

std::string json(receipt const& of, bool batch, std::span<std::string_view const> rooms) {
    std::size_t const room_count = std::max<std::size_t>(rooms.size(), 1);
    std::size_t const messages = of.ids.size() / room_count;
    std::string out;
    out.reserve(96);
    out += batch ? R"({"ids":[)"sv : R"({"id":)"sv;
    for (std::size_t i = 0; i < messages; ++i) {
        out += i > 0 ? R"(,")"sv : R"(")"sv;
        if (rooms.empty())
            append(out, of.ids[i]);
        for (std::size_t room = 0; room < rooms.size(); ++room) {
            if (room > 0)
                out += ',';
            append_room_cursor(out, rooms[room], of.ids[room * messages + i]);
        }
        out += '"';
    }
    out += batch ? R"(],"time":)"sv : R"(,"time":)"sv;
    append_number(out, of.time);
    out += R"(,"subscribers":)"sv;
    append_number(out, of.subscribers);
    out += '}';
    return out;
}

std::string json(room_facts const& of) {
    std::string out = R"({"room":)";
    append_json_string(out, of.name);
    fmt::format_to(std::back_inserter(out), R"(,"messages":{},"bytes":{},"first":)", of.messages, of.bytes);
    if (of.messages > 0)
        fmt::format_to(std::back_inserter(out), R"("{}")", to_string(of.first));
    else
        out += "null";
    fmt::format_to(std::back_inserter(out), R"(,"last":"{}","subscribers":{}}})", to_string(of.last), of.subscribers);
    return out;
}

std::optional<std::string> compact_json(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = max_depth;
    boost::json::basic_parser<validator> parser(options);
    boost::json::error_code ec;
    std::size_t const consumed = parser.write_some(false, text.data(), text.size(), ec);
    if (ec || consumed != text.size())
        return std::nullopt;

    std::string out;
    out.reserve(text.size());
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (in_string) {
            out += c;
            if (c == '\\')
                out += text[++i];
            else if (c == '"')
                in_string = false;
        } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
            out += c;
            in_string = c == '"';
        }
    }
    return out;
}

namespace {

// The end of the value that begins at `at`, in compact JSON.
std::size_t end_of_value(std::string_view text, std::size_t at) noexcept {
    int depth = 0;
    bool in_string = false;
    for (; at < text.size(); ++at) {
        char const c = text[at];
        if (in_string) {
            if (c == '\\')
                ++at;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (--depth < 0)
                return at;
        } else if (depth == 0 && (c == ',' || c == ':')) {
            return at;
        }
    }
    return at;
}

}  // namespace

std::optional<std::vector<member>> members(std::string_view compact) {
    if (compact.empty() || compact.front() != '{')
        return std::nullopt;
    std::vector<member> out;
    for (std::size_t at = 1; at < compact.size() && compact[at] != '}';) {
        auto const colon = end_of_value(compact, at);
        auto const end = end_of_value(compact, colon + 1);
        out.push_back({compact.substr(at + 1, colon - at - 2), compact.substr(colon + 1, end - colon - 1)});
        at = end + (end < compact.size() && compact[end] == ',' ? 1 : 0);
    }
    return out;
}

bool is_named(member const& what, std::string_view name) {
    if (what.name.find('\\') == what.name.npos)
        return what.name == name;
    // With its quotes, which stand around it.
    return string_value({what.name.data() - 1, what.name.size() + 2}) == name;
}

std::optional<std::string> string_value(std::string_view compact) {
    if (compact.empty() || compact.front() != '"')
        return std::nullopt;
    boost::json::error_code ec;
    auto const value = boost::json::parse({compact.data(), compact.size()}, ec);
    if (ec || !value.is_string())
        return std::nullopt;
    return std::string(value.get_string());
}

}  // namespace anteroom::encode
