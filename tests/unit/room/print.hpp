// How cursors and gaps are printed by a test that fails.
#pragma once

#include <anteroom/room/history.hpp>

#include <catch2/catch_tostring.hpp>

#include <string>

namespace Catch {

template <>
struct StringMaker<anteroom::cursor> {
    static std::string convert(anteroom::cursor at) { return to_string(at); }
};

template <>
struct StringMaker<std::optional<anteroom::cursor>> {
    static std::string convert(std::optional<anteroom::cursor> at) { return at ? to_string(*at) : "none"; }
};

template <>
struct StringMaker<std::optional<anteroom::gap>> {
    static std::string convert(std::optional<anteroom::gap> const& of) {
        if (!of)
            return "no gap";
        return std::string(to_string(of->reason)) + (of->missed ? " " + std::to_string(*of->missed) : "");
    }
};

}  // namespace Catch
