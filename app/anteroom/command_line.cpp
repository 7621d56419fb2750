#include "command_line.hpp"

#include "output.hpp"
#include "terminal_text.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <sstream>

namespace anteroom {

namespace {

argument read_argument(CLI::Option const& of) {
    argument out;
    for (auto const& name : of.get_snames())
        out.names.push_back("-" + name);
    for (auto const& name : of.get_lnames())
        out.names.push_back("--" + name);
    if (out.names.empty())
        out.names.push_back(of.get_name(true));
    out.about = of.get_description();
    out.required = of.get_required();
    out.environment = of.get_envname();
    if (of.get_items_expected_max() == 0)
        return out;
    out.value = of.get_type_name();
    out.initial = of.get_default_str();
    if (auto const& text = of.get_option_text(); !text.empty()) {
        auto const equals = text.find('=');
        out.value = text.substr(0, equals);
        out.initial = equals == text.npos ? "" : text.substr(equals + 1);
    }
    out.repeatable = of.get_expected_max() > 1;
    return out;
}

}  // namespace

void add_text(CLI::App& app, std::string const& name, std::function<void(std::string const&)> const& set,
              std::string const& help, std::string const& type, std::string const& shown) {
    app.add_option_function<std::string>(name, set, help)->type_name(type)->default_str(shown);
}

void add_url(CLI::App& app, std::string& into) {
    app.add_option("--url", into, "The server: http://host:port, or unix:PATH")
        ->envname("ANTEROOM_URL")
        ->type_name("URL")
        ->default_str("http://127.0.0.1:8080");
    into = "http://127.0.0.1:8080";
}

int print_help(CLI::App const& app, CLI::Success const& asked) {
    std::signal(SIGPIPE, SIG_IGN);
    std::ostringstream text;
    app.exit(asked, text, text);
    return print_out(text.str());
}

std::optional<int> parse(CLI::App& app, invocation const& how) {
    app.get_formatter()->column_width(30);
    app.set_version_flag("--version", "anteroom " ANTEROOM_VERSION, "Print the version and exit");
    if (how.describe != nullptr) {
        *how.describe = read_reference(app);
        return 0;
    }
    try {
        app.parse(how.argc, how.argv);
    } catch (CLI::Success const& done) {
        return print_help(app, done);
    } catch (CLI::Error const& error) {
        return usage_error(app, error.what());
    }
    return std::nullopt;
}

command_reference read_reference(CLI::App const& app) {
    command_reference out;
    out.name = app.get_name();
    out.about = joined_lines(app.get_description());
    for (auto const& paragraph : split_at(app.get_footer(), "\n\n")) {
        if (paragraph.starts_with("Example")) {
            auto const text = std::string_view(paragraph).substr(paragraph.find(':') + 1);
            for (auto const& line : split_at(text, "\n"))
                out.examples.push_back(joined_lines(line));
        } else if (!paragraph.empty() && !paragraph.starts_with("Commands")) {
            out.notes.push_back(joined_lines(paragraph));
        }
    }
    // Without a group an option is hidden.
    for (auto const* const option : app.get_options([](CLI::Option const* each) { return !each->get_group().empty(); }))
        out.arguments.push_back(read_argument(*option));
    return out;
}

int usage_error(CLI::App const& app, std::string_view what) {
    std::string line(what);
    std::ranges::replace(line, '\n', ' ');
    report(fmt::format("{} (try {} --help)", line, app.get_name()));
    return 2;
}

int unknown_command(std::string_view word) {
    std::string names;
    for (auto const& each : commands)
        names.append(names.empty() ? "" : ", ").append(each.name);
    report(fmt::format("there is no command '{}'; there are {} (try --help)", word, names));
    return 2;
}

int report_failure(CLI::App const& app, client::error const& why) {
    if (why.code == client::errc::bad_argument)
        return usage_error(app, why.text);
    report(why.text);
    return 1;
}

void report(std::string_view text) {
    write_out(2, fmt::format("anteroom: {}\n", for_terminal(text)));
}

int print_out(std::string_view text) {
    if (write_out(STDOUT_FILENO, text) != write_result::failed)
        return 0;
    report(output_error());
    return 1;
}

std::string format_seconds(std::chrono::milliseconds wait) {
    return fmt::format("{:.1f} s", static_cast<double>(wait.count()) / 1000);
}

std::string list_of_commands() {
    std::string out = "Commands (each has a --help; `anteroom help COMMAND` is the same):\n";
    for (auto const& each : commands)
        out += fmt::format("  {:<31} {}\n", each.name, each.about);
    return out;
}

}  // namespace anteroom
