// The result of a run: a few lines for people, one line of JSON, or a page with plots.
#pragma once

#include <anteroom/bench/load.hpp>

#include <string>
#include <string_view>

namespace anteroom::bench {

std::string to_text(load_options const& options, load_result const& result);

/// One object, without a newline. Durations are microseconds, sizes bytes.
std::string to_json(load_options const& options, load_result const& result);

/// A page in one file that fetches nothing. `command`: the command line that was run.
std::string to_page(load_options const& options, load_result const& result, std::string_view command);

/// What the page is made of: HTML whose one empty JSON object, `{}` in the element with the id `data`, takes the
/// figures.
std::string_view page_template();

/// For people.
std::string_view name_of(load_mode mode);
std::string_view name_of(transport_kind transport);
std::string_view name_of(dialect_kind dialect);

}  // namespace anteroom::bench
