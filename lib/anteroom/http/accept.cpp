#include <anteroom/base/text.hpp>
#include <anteroom/http/accept.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace anteroom::http {

namespace {

// A q-value in thousandths (RFC 9110, 12.4.2); a malformed one counts as 1.
int thousandths_of(std::string_view value) noexcept {
    if (value.front() != '0' || (value.size() > 1 && value[1] != '.'))
        return 1000;
    int out = 0;
    int weight = 100;
    for (std::size_t i = 2; i < value.size() && i < 5; ++i, weight /= 10) {
        if (value[i] < '0' || value[i] > '9')
            return 1000;
        out += (value[i] - '0') * weight;
    }
    return out;
}

// The first of the parameters that is a q-value; 1 without one.
int quality_of(std::string_view parameters) noexcept {
    std::optional<int> out;
    split_unquoted(parameters, ';', [&](std::string_view parameter) {
        if (!out && parameter.size() >= 3 && (parameter[0] == 'q' || parameter[0] == 'Q') && parameter[1] == '=')
            out = thousandths_of(parameter.substr(2));
    });
    return out.value_or(1000);
}

// How specifically a range matches an offer: 2 exactly, 1 by its type, 0 as `*/*`; -1 if it does not match.
int specificity(std::string_view range, std::string_view offer) noexcept {
    if (iequals(range, offer))
        return 2;
    if (range == "*/*" || range == "*")
        return 0;
    if (range.ends_with("/*") && iequals(range.substr(0, range.size() - 1), offer.substr(0, offer.find('/') + 1)))
        return 1;
    return -1;
}

}  // namespace

std::optional<std::size_t> negotiate(std::optional<std::string_view> accept, std::span<std::string_view const> offers) {
    if (!accept || *accept == "*/*" || accept->find_first_not_of(", \t") == accept->npos)
        return 0;
    std::optional<std::size_t> best;
    std::tuple<int, int, int> best_rank{0, -1, 0};
    for (std::size_t i = 0; i < offers.size(); ++i) {
        std::tuple<int, int, int> rank{0, -1, 0};  // quality, specificity, position in the list
        int place = 0;
        for_each_element(*accept, [&](std::string_view element) {
            auto const semicolon = element.find(';');
            auto const how = specificity(trim(element.substr(0, semicolon)), offers[i]);
            if (how > std::get<1>(rank)) {
                auto const parameters = semicolon == element.npos ? std::string_view() : element.substr(semicolon + 1);
                rank = {quality_of(parameters), how, -place};
            }
            ++place;
        });
        if (std::get<0>(rank) > 0 && rank > best_rank) {
            best = i;
            best_rank = rank;
        }
    }
    return best;
}

bool is_media_type(std::string_view content_type, std::string_view type) noexcept {
    return iequals(trim(content_type.substr(0, content_type.find(';'))), type);
}

std::string media_parameter(std::string_view content_type, std::string_view name) {
    std::optional<std::string> out;
    split_unquoted(content_type.substr(std::min(content_type.find(';'), content_type.size())), ';',
                   [&](std::string_view parameter) {
                       auto const equals = parameter.find('=');
                       if (!out && equals != parameter.npos && iequals(trim(parameter.substr(0, equals)), name))
                           out = unquoted(trim(parameter.substr(equals + 1)));
                   });
    return out ? std::move(*out) : std::string();
}

}  // namespace anteroom::http
