// Cursors, of one room and of several: what is read is what was written, to the letter.
#include "input.hpp"
#include <anteroom/base/text.hpp>
#include <anteroom/room/composite_cursor.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace anteroom;
using namespace anteroom::fuzz;

namespace {

struct entry {
    std::string room;
    cursor at;
};

// The entries of a composite cursor, by a second reading.
std::vector<entry> entries(std::string_view text) {
    std::vector<entry> out;
    for (bool more = true; more;) {
        auto const end = text.find(',');
        auto const each = text.substr(0, end);
        auto const sign = each.rfind('@');
        check(sign != each.npos, "each entry has its cursor");
        auto const name = each.substr(0, sign);
        auto const decoded = percent_decode(name, false);
        auto const at = parse_cursor(each.substr(sign + 1));
        check(decoded && at, "each entry is a name and a cursor");
        out.push_back({*decoded, *at});
        more = end != text.npos;
        text.remove_prefix(more ? end + 1 : text.size());
    }
    return out;
}

bool is_first(std::vector<entry> const& all, std::size_t i) {
    return std::none_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i),
                        [&](entry const& each) { return each.room == all[i].room; });
}

void check_set(std::string_view text, std::vector<entry> const& all) {
    auto set = cursor_set::parse(text);
    check(set && !set->plain(), "a composite cursor that was written is read");
    for (std::size_t i = 0; i < all.size(); ++i) {
        // Where a room is named once, in any order.
        bool const once = is_first(all, i) && std::none_of(all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end(),
                                                           [&](entry const& each) { return each.room == all[i].room; });
        auto const found = set->find(all[i].room);
        check(found.has_value(), "each room is found");
        check(!once || *found == all[i].at, "with its cursor");
    }
    for (auto i = all.size(); i-- > 0;)
        check(set->find(all[i].room).has_value(), "backwards too");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = as_text(data, size);
    if (auto const one = parse_cursor(input))
        check(to_string(*one) == input, "a cursor has one spelling");
    if (auto const number = parse_base36(input)) {
        std::string again;
        append_base36(again, *number);
        check(again == input, "a number of base 36 has one spelling");
    }
    auto const set = cursor_set::parse(input);
    if (!set)
        return 0;
    if (auto const plain = set->plain()) {
        check(to_string(*plain) == input, "a plain cursor is a cursor");
        return 0;
    }
    auto const all = entries(input);
    check_set(input, all);
    composite_cursor again;
    for (auto const& each : all)
        again.add(each.room, each.at);
    check_set(again.text(), all);
    auto const names = again.size_of_names();
    auto changed = all;
    for (std::size_t i = 0; i < all.size(); ++i) {
        changed[i].at = {all[i].at.epoch / 2 + 1, all[i].at.number / 7};  // no epoch is 0
        again.set(i, changed[i].at);
    }
    check_set(again.text(), changed);
    check(again.size_of_names() == names, "names stay as they are");
    return 0;
}
