#include "terminal_keys.hpp"

#include <fmt/format.h>

#include <string_view>

namespace anteroom {

std::vector<std::string> keys_without_meaning() {
    static constexpr std::string_view lead = "\\e";  // as libedit writes Escape
    std::vector<std::string> out;
    auto const add = [&out](std::string_view keys) { out.push_back(fmt::format("{}{}", lead, keys)); };
    // With Shift, Alt, Control and their combinations: the numbers 2 to 8.
    for (int number = 1; number <= 34; ++number) {
        add(fmt::format("[{}~", number));
        for (int modifier = 2; modifier <= 8; ++modifier)
            add(fmt::format("[{};{}~", number, modifier));
        // rxvt: with Shift, Control, both
        for (char const end : {'$', '^', '@'})
            add(fmt::format("[{}{}{}", number, end == '^' ? "\\" : "", end));
    }
    for (char const key : std::string_view("ABCDEFHPQRS")) {
        for (int modifier = 2; modifier <= 8; ++modifier) {
            add(fmt::format("[1;{}{}", modifier, key));
            add(fmt::format("O{}{}", modifier, key));
        }
    }
    for (char key = 'E'; key <= 'Z'; ++key) {
        if (key != 'F' && key != 'H' && key != 'O')
            add(fmt::format("[{}", key));
    }
    for (char key = 'E'; key <= 'Z'; ++key) {
        if (key != 'F' && key != 'H')
            add(fmt::format("O{}", key));
    }
    for (char key = 'a'; key <= 'z'; ++key)
        add(fmt::format("O{}", key));  // of the keypad
    for (char const key : std::string_view("abcd"))
        add(fmt::format("[{}", key));
    for (char const key : std::string_view("ABCDE"))
        add(fmt::format("[[{}", key));  // F1 to F5 of the Linux console
    // Alt with an arrow, where Alt is an Escape before the key.
    for (char const key : std::string_view("ABCD")) {
        add(fmt::format("{}[{}", lead, key));
        add(fmt::format("{}O{}", lead, key));
    }
    return out;
}

}  // namespace anteroom
