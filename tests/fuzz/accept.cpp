// Accept and Content-Type: any text is negotiated, and what does not matter to it changes nothing.
#include "input.hpp"
#include <anteroom/base/text.hpp>
#include <anteroom/http/accept.hpp>

#include <array>
#include <string>

using namespace anteroom::fuzz;
using namespace anteroom::http;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static constexpr std::array<std::string_view, 4> offers = {"text/plain", "application/json", "application/x-ndjson",
                                                               "text/event-stream"};
    auto const input = as_text(data, size);
    auto const chosen = negotiate(input, offers);
    check(!chosen || *chosen < offers.size(), "what is chosen is on offer");
    std::string upper(input);
    for (char& each : upper)
        each = each >= 'a' && each <= 'z' ? static_cast<char>(each - ('a' - 'A')) : each;
    check(negotiate(upper, offers) == chosen, "case does not matter");
    std::size_t elements = 0;
    bool const quotes_end = anteroom::for_each_element(input, [&](std::string_view) { ++elements; });
    check(elements > 0 || chosen == negotiate(std::nullopt, offers), "a list without elements is none");
    if (quotes_end) {
        check(negotiate(std::string(input) + " , ", offers) == chosen, "empty elements do not matter");
        check(elements == 0 || !chosen || negotiate(std::string(input) + ", image/png", offers) == chosen,
              "what is not on offer does not matter");
        check(negotiate(std::string(input) + R"(, image/png;x=", text/plain, ")", offers) ==
                  negotiate(std::string(input) + ", image/png", offers),
              "what is quoted is no element");
    }
    check(media_parameter(input, "charset").size() <= input.size(), "a parameter is part of the field");
    check(media_parameter(upper, "charset").size() == media_parameter(input, "charset").size(),
          "names of parameters have no case");
    check(is_media_type(upper, "text/plain") == is_media_type(input, "text/plain"), "types have no case");
    return 0;
}
