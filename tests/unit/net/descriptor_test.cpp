// A descriptor closes what it owns, once.
#include <anteroom/net/descriptor.hpp>

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>

#include <utility>

using anteroom::net::descriptor;

namespace {

int open_one() {
    int const made = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    REQUIRE(made >= 0);
    return made;
}
bool is_open(int number) {
    return ::fcntl(number, F_GETFD) >= 0;
}

}  // namespace

TEST_CASE("a descriptor is closed at its end, or before") {
    int const one = open_one();
    {
        descriptor const owner(one);
        CHECK(owner);
        CHECK(owner.get() == one);
    }
    CHECK_FALSE(is_open(one));
    descriptor other(open_one());
    other.close();
    CHECK_FALSE(other);
    other.close();
    CHECK_FALSE(descriptor());
}

TEST_CASE("a descriptor that is moved or released has no owner but the new one") {
    int const number = open_one();
    descriptor first(number);
    descriptor second(std::move(first));
    CHECK_FALSE(first);  // NOLINT(bugprone-use-after-move): it is empty then
    CHECK(second.get() == number);
    descriptor third;
    third = std::move(second);
    CHECK(third.get() == number);
    CHECK(third.release() == number);
    CHECK_FALSE(third);
    CHECK(is_open(number));
    descriptor const last(number);
}

TEST_CASE("a descriptor that another is assigned to closes its own at the latest with the other") {
    int const before = open_one();
    descriptor owner(before);
    {
        descriptor next(open_one());
        owner = std::move(next);
    }
    CHECK_FALSE(is_open(before));
    CHECK(is_open(owner.get()));
}
