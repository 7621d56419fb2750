// Accept and Content-Type: any text is negotiated, and what does not matter to it changes nothing.
#include "input.hpp"
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
    if (!input.empty() && input.find('"') == input.npos) {
        check(negotiate(std::string(input) + " , ", offers) == chosen || input == "*/*",
              "empty elements do not matter");
        check(!chosen || negotiate(std::string(input) + ", image/png", offers) == chosen,
              "what is not on offer does not matter");
    }
    auto const is_view = [&](std::string_view part) {
        return part.empty() ||
               (part.data() >= input.data() && part.data() + part.size() <= input.data() + input.size());
    };
    check(is_view(media_parameter(input, "charset")), "a parameter is part of the field");
    check(media_parameter(upper, "charset").size() == media_parameter(input, "charset").size(),
          "names of parameters have no case");
    check(is_media_type(upper, "text/plain") == is_media_type(input, "text/plain"), "types have no case");
    return 0;
}
