#include "endpoint.hpp"

#include "harness_error.hpp"

#include <regex>

namespace anteroom::integration {

std::string endpoint::authority() const {
    if (!path.empty()) {
        return "localhost";
    }
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

endpoint parse_listening_line(std::string_view line) {
    static std::regex const tcp{R"(anteroom \S+ listening on http://(\[([0-9a-f:]+)\]|([0-9.]+)):([0-9]+)/)"};
    static std::regex const local{R"(anteroom \S+ listening on unix:(.+))"};
    std::string const text{line};
    std::smatch found;
    if (std::regex_match(text, found, tcp)) {
        auto const port = static_cast<std::uint16_t>(std::stoul(found[4]));
        return {.host = found[2].matched ? found[2].str() : found[3].str(), .port = port, .path = {}};
    }
    if (std::regex_match(text, found, local)) {
        return {.host = {}, .port = 0, .path = found[1].str()};
    }
    throw harness_error{"not a listening line of a server: " + text};
}

}  // namespace anteroom::integration
