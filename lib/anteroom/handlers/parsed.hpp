// A value parsed from a request, or the reason why it is invalid.
#pragma once

#include <anteroom/http/bad_input.hpp>
#include <anteroom/http/session.hpp>

#include <utility>
#include <variant>

namespace anteroom {

/// A value, or an error. (std::expected requires C++23.)
template <class T>
class parsed {
  public:
    /// A value that is filled in afterwards.
    explicit parsed(std::in_place_t) {}
    parsed(T value) : outcome_(std::in_place_index<0>, std::move(value)) {}
    parsed(bad_input why) : outcome_(std::in_place_index<1>, std::move(why)) {}

    explicit operator bool() const noexcept { return outcome_.index() == 0; }
    T& operator*() noexcept { return *std::get_if<0>(&outcome_); }
    T const& operator*() const noexcept { return *std::get_if<0>(&outcome_); }
    T* operator->() noexcept { return std::get_if<0>(&outcome_); }
    T const* operator->() const noexcept { return std::get_if<0>(&outcome_); }
    bad_input const& error() const noexcept { return *std::get_if<1>(&outcome_); }

  private:
    std::variant<T, bad_input> outcome_;
};

/// The problem as a response; with that.
http::response response_to(bad_input const& why);
void send(http::session& client, bad_input const& why);

}  // namespace anteroom
