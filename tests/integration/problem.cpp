#include "problem.hpp"

#include <boost/json/object.hpp>
#include <catch2/catch_test_macros.hpp>

namespace anteroom::integration {
namespace {

bool is_filled(boost::json::object const& problem, std::string_view field) {
    auto const* const value = problem.if_contains(field);
    return value != nullptr && value->is_string() && !value->get_string().empty();
}

}  // namespace

void check_problem(response const& answer, int status) {
    INFO(answer.text());
    CHECK(answer.status == status);
    CHECK(answer.media_type() == "application/problem+json");
    if (answer.media_type() != "application/problem+json") {
        return;
    }
    auto const problem = answer.json();
    auto const* const stated = problem.if_contains("status");
    CHECK((stated != nullptr && stated->is_int64() && stated->get_int64() == status));
    CHECK(is_filled(problem, "title"));
    CHECK(is_filled(problem, "detail"));
}

void check_problem(response const& answer, int status, std::string_view detail) {
    check_problem(answer, status);
    if (answer.media_type() == "application/problem+json") {
        CHECK(answer.json().at("detail") == boost::json::value(detail));
    }
}

}  // namespace anteroom::integration
