// A connection that has more to do than fits into its turn yields to others.
#include "http/scripted.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;

TEST_CASE("requests that are much work are answered one in a turn, cheap ones many") {
    scripted_house it;
    std::size_t work = 0;
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        to.charge(work);
        return echo(to, std::move(asked));
    };
    client busy(it.sessions);
    client quiet(it.sessions);
    std::string many;
    for (int i = 0; i < 20; ++i)
        many += get("/busy");
    auto const before_quiet = [&] {
        it.service.targets.clear();
        busy.write(many);
        quiet.write(get("/quiet"));
        it.run();
        CHECK(it.service.targets.size() == 21);
        auto const at = std::find(it.service.targets.begin(), it.service.targets.end(), "/quiet");
        return at - it.service.targets.begin();
    };
    work = 1000;
    CHECK(before_quiet() <= 1);
    work = 60;
    CHECK(before_quiet() <= 4);
    work = 0;
    CHECK(before_quiet() == 20);
}
