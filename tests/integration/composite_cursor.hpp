// The cursor of several rooms as a client keeps it: `a@k3f9x-42,b@p0q1r-7`.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace anteroom::integration {

class composite_cursor {
  public:
    composite_cursor() = default;
    /// Reads one; throws harness_error for what is none.
    explicit composite_cursor(std::string_view text);

    /// Goes on in a room, by its name.
    void set(std::string const& room, std::string cursor) { places_[room] = std::move(cursor); }
    /// Goes on in the rooms of another; the others stay where they are.
    void merge(composite_cursor const& other);
    [[nodiscard]] std::string at(std::string const& room) const;
    [[nodiscard]] bool has(std::string const& room) const { return places_.contains(room); }
    [[nodiscard]] std::size_t size() const { return places_.size(); }

    [[nodiscard]] std::string text() const;

  private:
    std::map<std::string, std::string> places_;
};

/// Everything but A-Z a-z 0-9 - . _ ~ percent-encoded.
std::string percent_encoded(std::string_view text);
std::string percent_decoded(std::string_view text);

}  // namespace anteroom::integration
