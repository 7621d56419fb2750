// The cursor of several rooms, as a client keeps it: `a@k3f9x-42,b@p0q1r-7`.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace anteroom::integration {

class composite_cursor {
  public:
    composite_cursor() = default;
    /// Parses one; throws harness_error if it is invalid.
    explicit composite_cursor(std::string_view text);

    /// Sets the cursor of a room, by its name.
    void set(std::string const& room, std::string cursor) { cursors_[room] = std::move(cursor); }
    /// Sets the cursors of the rooms in `other`; those of other rooms are kept.
    void merge(composite_cursor const& other);
    [[nodiscard]] std::string at(std::string const& room) const;
    [[nodiscard]] bool has(std::string const& room) const { return cursors_.contains(room); }
    [[nodiscard]] std::size_t size() const { return cursors_.size(); }

    [[nodiscard]] std::string text() const;

  private:
    std::map<std::string, std::string> cursors_;
};

/// Percent-encodes everything but A-Z a-z 0-9 - . _ ~.
std::string percent_encoded(std::string_view text);
std::string percent_decoded(std::string_view text);

}  // namespace anteroom::integration
