#include "command_line.hpp"

#include "commands.hpp"
#include "output.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace anteroom {

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

std::optional<int> parse(CLI::App& app, int argc, char const* const* argv) {
    app.get_formatter()->column_width(30);
    app.set_version_flag("--version", "anteroom " ANTEROOM_VERSION, "Print the version and exit");
    try {
        app.parse(argc, argv);
    } catch (CLI::Success const& done) {
        return app.exit(done);
    } catch (CLI::Error const& error) {
        return usage_error(app, error.what());
    }
    return std::nullopt;
}

int usage_error(CLI::App const& app, std::string_view what) {
    std::string line(what);
    std::ranges::replace(line, '\n', ' ');
    report(fmt::format("{} (try {} --help)", line, app.get_name()));
    return 2;
}

int report_failure(CLI::App const& app, client::error const& why) {
    if (why.code == client::errc::bad_argument)
        return usage_error(app, why.text);
    report(why.text);
    return 1;
}

void report(std::string_view text) {
    write_out(2, fmt::format("anteroom: {}\n", text));
}

std::string format_seconds(std::chrono::milliseconds wait) {
    return fmt::format("{:.1f} s", static_cast<double>(wait.count()) / 1000);
}

std::string list_of_commands() {
    std::string out = "Commands (each has a --help; `anteroom help COMMAND` is the same):\n";
    auto const add = [&](std::string_view name, std::string_view about) {
        out += fmt::format("  {:<31} {}\n", name, about);
    };
    add("serve", "serve, as without a command");
    for (auto const& each : commands)
        add(each.name, each.about);
    return out;
}

}  // namespace anteroom
