// The target of a request: a path in segments, and a query.
#pragma once

#include <boost/container/small_vector.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace anteroom::http {

/// One `name=value` of a form, decoded.
struct parameter {
    std::string_view name;
    std::string_view value;
};

/// What an HTML form sends, as a query or as a body (application/x-www-form-urlencoded). Its views are good while the
/// text that was parsed and the form itself live: what needs no decoding stays where it is.
class form {
  public:
    /// Nothing where the percent-encoding is broken.
    static std::optional<form> parse(std::string_view text);

    /// The value of a parameter; the first where it is repeated.
    std::optional<std::string_view> get(std::string_view name) const noexcept;
    /// All of them, in order.
    std::span<parameter const> all() const noexcept { return parameters_; }

  private:
    bool decode(std::string_view& text);

    boost::container::small_vector<parameter, 6> parameters_;
    std::unique_ptr<std::deque<std::string>> decoded_;
};

/// A target in origin form (RFC 9112, 3.2.1), or in absolute form with its authority left out.
class target {
  public:
    /// Splits a target; nothing where it is neither form, or its percent-encoding is broken. Path segments stay as
    /// they are written, without dot segments being removed: `..` is a name like any other.
    static std::optional<target> parse(std::string_view text);

    /// The segments of the path, as written: of `/room/a%20b` these two; of `/` none.
    std::span<std::string_view const> segments() const noexcept { return segments_; }

    /// A parameter of the query.
    std::optional<std::string_view> get(std::string_view name) const noexcept { return query_.get(name); }
    /// All parameters of the query.
    std::span<parameter const> query() const noexcept { return query_.all(); }

  private:
    boost::container::small_vector<std::string_view, 4> segments_;
    form query_;
};

}  // namespace anteroom::http
