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

/// A decoded `name=value` pair of a form.
struct parameter {
    std::string_view name;
    std::string_view value;
};

/// The fields of an HTML form, from a query or a body (application/x-www-form-urlencoded). Its views are valid while
/// both the parsed text and the form live: values that need no decoding are not copied.
class form {
  public:
    /// Returns nullopt if the percent-encoding is malformed.
    static std::optional<form> parse(std::string_view text);

    /// The value of a parameter; the first one if it is repeated.
    std::optional<std::string_view> get(std::string_view name) const noexcept;
    /// All parameters, in order.
    std::span<parameter const> all() const noexcept { return parameters_; }

  private:
    bool decode(std::string_view& text);

    boost::container::small_vector<parameter, 6> parameters_;
    std::unique_ptr<std::deque<std::string>> decoded_;
};

/// A target in origin form (RFC 9112, 3.2.1), or in absolute form with the scheme http or https.
class target {
  public:
    /// Splits a target; returns nullopt if it is in neither form, names another scheme, or its percent-encoding is
    /// malformed. Path segments stay as written, and dot segments are not removed: `..` is a name like any other.
    static std::optional<target> parse(std::string_view text);

    /// The authority of an absolute form, as written; nullopt in origin form.
    std::optional<std::string_view> authority() const noexcept { return authority_; }

    /// The segments of the path, as written: for `/room/a%20b` these two; for `/` none.
    std::span<std::string_view const> segments() const noexcept { return segments_; }

    /// A parameter of the query.
    std::optional<std::string_view> get(std::string_view name) const noexcept { return query_.get(name); }
    /// All parameters of the query.
    std::span<parameter const> query() const noexcept { return query_.all(); }

  private:
    std::optional<std::string_view> authority_;
    boost::container::small_vector<std::string_view, 4> segments_;
    form query_;
};

}  // namespace anteroom::http
