// The target of a request: a path in segments, and a query.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom::http {

/// One `name=value` of a query, decoded.
struct parameter {
    std::string name;
    std::string value;
};

/// A target in origin form (RFC 9112, 3.2.1), or in absolute form with its authority left out.
class target {
  public:
    /// Splits a target; nothing where it is neither form, or its percent-encoding is broken. Path segments stay as
    /// they are written, without dot segments being removed: `..` is a name like any other.
    static std::optional<target> parse(std::string_view text);

    /// The segments of the path, as written: of `/room/a%20b` these two; of `/` none.
    std::vector<std::string_view> const& segments() const noexcept { return segments_; }

    std::string_view path() const noexcept { return path_; }
    std::vector<parameter> const& query() const noexcept { return query_; }
    /// The value of a parameter; the first where it is repeated.
    std::optional<std::string_view> get(std::string_view name) const noexcept;

  private:
    std::string_view path_;
    std::vector<std::string_view> segments_;
    std::vector<parameter> query_;
};

/// Parses what an HTML form sends, as a query or as a body (application/x-www-form-urlencoded); nothing where its
/// percent-encoding is broken.
std::optional<std::vector<parameter>> parse_form(std::string_view text);

}  // namespace anteroom::http
