// Targets and queries: what is read of them can be written again, and is the same then.
#include "input.hpp"
#include <anteroom/base/text.hpp>
#include <anteroom/http/authority.hpp>
#include <anteroom/http/router.hpp>
#include <anteroom/http/target.hpp>
#include <anteroom/http/written_parameter.hpp>

#include <string>

using namespace anteroom;
using namespace anteroom::fuzz;
using namespace anteroom::http;

namespace {

constexpr std::string_view separators = "/?#";

void check_form(std::string_view text) {
    auto const parsed = form::parse(text);
    if (!parsed)
        return;
    std::string again;
    for (auto const& [name, value] : parsed->all()) {
        again.append(percent_encode(name)).append("=").append(percent_encode(value)).append("&");
    }
    auto const other = form::parse(again);
    check(other && other->all().size() == parsed->all().size(), "a form that was written again is one");
    for (std::size_t i = 0; i < parsed->all().size(); ++i) {
        check(parsed->all()[i].name == other->all()[i].name && parsed->all()[i].value == other->all()[i].value,
              "with the same fields");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = as_text(data, size);
    check_form(input);
    auto const parsed = target::parse(input);
    if (!parsed)
        return 0;
    for (std::size_t i = 0; i < parsed->segments().size(); ++i) {
        auto const segment = parsed->segments()[i];
        check(segment.find_first_of(separators) == segment.npos, "a segment has no separators");
        check(!segment.empty() || parsed->segments().size() > 0, "a path of nothing has no segments");
    }
    if (auto const authority = parsed->authority()) {
        check(authority->find_first_of(separators) == authority->npos, "an authority ends at a path");
        parse_authority(*authority);
    }
    std::string again = "/";
    for (std::size_t i = 0; i < parsed->segments().size(); ++i)
        again.append(i > 0 ? "/" : "").append(parsed->segments()[i]);
    again.append("?");
    for (auto const& [name, value] : parsed->query())
        again.append(percent_encode(name)).append("=").append(percent_encode(value)).append("&");
    auto const other = target::parse(again);
    check(other.has_value(), "a target that was written again is one");
    check(std::equal(parsed->segments().begin(), parsed->segments().end(), other->segments().begin(),
                     other->segments().end()),
          "with the same path");
    check(parsed->query().size() == other->query().size(), "and the same query");
    for (std::size_t i = 0; i < parsed->query().size() && !parsed->authority(); ++i) {
        auto const& value = parsed->query()[i].value;
        auto const written = written_parameter(input, i);
        check(percent_decode(written, true) == value, "a parameter is found as it is written");
        check(decodes_to(written, value), "and is compared as it is decoded");
        check(
            !decodes_to(written, std::string(value) + "x") && (value.empty() || !decodes_to(written, value.substr(1))),
            "from end to end");
    }
    std::optional<std::string_view> captured;
    if (matches("/room/{room}/subscribe", *parsed, captured))
        check(captured && *captured == parsed->segments()[1], "a route captures its segment");
    return 0;
}
