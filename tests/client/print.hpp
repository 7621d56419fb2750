// How Catch2 prints a result<T> of the client.
#pragma once

#include <anteroom/client/error.hpp>

#include <catch2/catch_tostring.hpp>

#include <string>

template <class T>
struct Catch::StringMaker<anteroom::client::result<T>> {
    static std::string convert(anteroom::client::result<T> const& of) {
        return of ? std::string("a value") : "error: " + of.error().text;
    }
};
