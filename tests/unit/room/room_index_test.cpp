// The rooms in name order, and the tour that visits all of them.
#include <anteroom/room/room_index.hpp>

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <map>

using namespace anteroom;
using names = std::vector<std::string>;

namespace {

struct house {
    ~house() {
        for (auto const& [name, each] : rooms)
            index.erase(*each);
    }
    void add(std::string const& name) {
        auto made = std::make_shared<room>(name, 7, shards, limits, meter);
        index.insert(*made);
        rooms.emplace(name, std::move(made));
    }
    void remove(std::string const& name) {
        index.erase(*rooms.at(name));
        rooms.erase(name);
    }
    static names of(room_index::rooms const& found) {
        names out;
        for (auto const& each : found)
            out.push_back(each->name());
        return out;
    }

    shard home{0};
    std::array<shard*, 1> shards{&home};
    history_limits limits;
    memory_meter meter;
    std::map<std::string, std::shared_ptr<room>> rooms;
    room_index index;
};

}  // namespace

TEST_CASE("rooms are found in order, after a name and by prefix") {
    house it;
    for (auto const* name : {"b", "ab", "c", "a", "B"})
        it.add(name);
    CHECK(it.of(it.index.after("", "", 10)) == names{"B", "a", "ab", "b", "c"});
    CHECK(it.of(it.index.after("", "", 2)) == names{"B", "a"});
    CHECK(it.of(it.index.after("a", "", 2)) == names{"ab", "b"});
    CHECK(it.of(it.index.after("a", "a", 2)) == names{"ab"});
    CHECK(it.of(it.index.after("", "a", 9)) == names{"a", "ab"});
    CHECK(it.of(it.index.after("b", "a", 9)).empty());
    CHECK(it.of(it.index.after("aa", "aa", 9)).empty());
    CHECK(it.of(it.index.after("", "d", 9)).empty());
}

TEST_CASE("a tour visits every room, whatever comes and goes meanwhile") {
    house it;
    CHECK(it.index.next(3).empty());
    for (auto const* name : {"a", "b", "c", "d"})
        it.add(name);
    CHECK(it.of(it.index.next(3)) == names{"a", "b", "c"});
    it.remove("d");
    it.add("e");
    CHECK(it.of(it.index.next(2)) == names{"a", "b"});
    it.remove("c");
    CHECK(it.of(it.index.next(1)) == names{"e"});
    // None twice in one call.
    CHECK(it.of(it.index.next(10)) == names{"a", "b", "e"});
    it.remove("a");
    it.remove("b");
    it.remove("e");
    CHECK(it.index.next(1).empty());
}
