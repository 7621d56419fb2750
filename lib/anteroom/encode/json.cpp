#include <anteroom/encode/json.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>

#include <array>
#include <iterator>
#include <limits>

namespace anteroom::encode {

namespace {

// Deeper nesting than anybody means; it bounds what a parser has to remember.
constexpr std::size_t max_depth = 256;

// Takes every event of the parser and keeps nothing: what is wanted is the verdict.
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
    out.shrink_to_fit();
    return out;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    static constexpr std::string_view hex = "0123456789abcdef";
    out += '"';
    std::size_t plain = 0;  // where the run of characters begins that need no escape
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

std::string_view json(message const& of) {
    return of.wire(wire_form::json, make_json);
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

std::string json(receipt const& of) {
    std::string out;
    out.reserve(96);
    out += R"({"id":")";
    append(out, of.id);
    out += R"(","time":)";
    append_number(out, of.time);
    out += R"(,"subscribers":)";
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

void append_list_tail(std::string& out, batch const& of, std::string_view room) {
    out += R"(],"next":")";
    append(out, of.next);
    out += '"';
    if (of.missed) {
        out += R"(,"gaps":[)";
        out += json(*of.missed, room);
        out += ']';
    }
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

}  // namespace anteroom::encode
