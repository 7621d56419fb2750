// Who makes way when connections hold too much memory together.
#include <anteroom/http/held_memory.hpp>

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <string>

using namespace anteroom;

namespace {

struct holder final : http::held_memory::holder {
    void make_way() noexcept override { ++made_way; }
    int made_way = 0;
};

struct house {
    ~house() {
        for (auto& each : all)
            held.release(each);
        CHECK(meter.used() == 0);
        CHECK(held.used() == 0);
        CHECK(home.counted().get(counter::held_bytes) == 0);
    }
    std::string made_way() const {
        std::string out;
        for (auto const& each : all)
            out += std::to_string(each.made_way);
        return out;
    }

    shard home{0};
    memory_meter meter;
    http::held_memory held{home, meter, 100};
    std::array<holder, 4> all;
};

}  // namespace

TEST_CASE("those that have held something for the longest time make way, as many as it takes") {
    house it;
    it.held.set(it.all[0], 30);
    it.held.set(it.all[1], 30);
    it.held.set(it.all[2], 40);
    CHECK(it.made_way() == "0000");
    CHECK(it.held.used() == 100);
    CHECK(it.meter.used() == 100);
    it.held.set(it.all[3], 50);
    CHECK(it.made_way() == "1100");
    CHECK(it.held.used() == 90);
    CHECK(it.all[0].held() == 0);
    CHECK(it.home.counted().get(counter::made_way) == 2);
}

TEST_CASE("holding more or less does not make one younger, but having held nothing does") {
    house it;
    it.held.set(it.all[0], 10);
    it.held.set(it.all[1], 10);
    it.held.set(it.all[2], 10);
    it.held.set(it.all[0], 90);
    CHECK(it.made_way() == "1000");
    it.held.set(it.all[1], 0);
    it.held.set(it.all[1], 10);
    it.held.set(it.all[3], 81);
    CHECK(it.made_way() == "1010");
}

TEST_CASE("who holds more than there is alone makes way itself") {
    house it;
    it.held.set(it.all[0], 101);
    CHECK(it.made_way() == "1000");
    CHECK(it.held.used() == 0);
}

TEST_CASE("releasing what is not held does nothing") {
    house it;
    it.held.release(it.all[0]);
    it.held.set(it.all[0], 0);
    it.held.set(it.all[0], 5);
    it.held.release(it.all[0]);
    it.held.release(it.all[0]);
    CHECK(it.held.used() == 0);
}
