// Man pages and completions: they have what --help has, and man and the shells understand them.
#include "child_process.hpp"
#include "server_process.hpp"
#include "temporary_folder.hpp"
#include "terminal_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <unistd.h>

#include <algorithm>
#include <regex>
#include <set>

using namespace anteroom::integration;

namespace {

using list = std::vector<std::string>;
using set = std::set<std::string>;

finished_run run(std::string executable, list arguments) {
    child_process child{{.executable = std::move(executable),
                         .arguments = std::move(arguments),
                         .environment = {{"LC_ALL", "C.UTF-8"}},
                         .descriptors = std::nullopt}};
    return finish(child);
}

std::string output(list arguments) {
    auto const done = run(executable_path(), std::move(arguments));
    CHECK(done.status == exited(0));
    CHECK(done.err.empty());
    return done.out;
}

/// The commands, as `--help` lists them.
list command_names() {
    auto const help = output({"--help"});
    auto const from = help.find("\nCommands");
    auto const text = help.substr(from, help.find("\n\n", from + 1) - from);
    list out;
    std::regex const line{"\n  ([a-z]+) "};
    for (std::sregex_iterator at{text.begin(), text.end(), line}, end; at != end; ++at)
        out.push_back((*at)[1]);
    return out;
}

std::string man_page_of(std::string const& command) {
    return output({"help", "--man", command});
}

/// What a text matches, each time the first group.
set all_matches(std::string const& text, char const* pattern) {
    set out;
    std::regex const wanted{pattern};
    for (std::sregex_iterator at{text.begin(), text.end(), wanted}, end; at != end; ++at)
        out.insert((*at)[1]);
    return out;
}

/// The flags that a help text lists: at the start of its lines, or behind another name.
set flags_of(std::string const& command) {
    set out;
    for (auto const& names : all_matches(output({command, "--help"}), "\n  (-[^ \n]*)")) {
        for (std::size_t from = 0; from < names.size();) {
            auto const end = std::min(names.find(',', from), names.size());
            out.insert(names.substr(from, end - from));
            from = end + 1;
        }
    }
    return out;
}

std::string find_program(std::string const& name) {
    for (auto const* folder : {"/usr/bin/", "/bin/", "/usr/local/bin/"}) {
        if (::access((folder + name).c_str(), X_OK) == 0)
            return folder + name;
    }
    return {};
}

/// What bash offers for the last of these words.
set bash_offers(std::string const& file, list words) {
    auto const place = std::to_string(words.size() - 1);
    list arguments{"--norc", "-c",
                   "source \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=" + place +
                       "; _anteroom; ((${#COMPREPLY[@]} == 0)) || printf '%s\\n' \"${COMPREPLY[@]}\"",
                   file};
    arguments.insert(arguments.end(), words.begin(), words.end());
    auto const done = run(find_program("bash"), arguments);
    CHECK(done.err.empty());
    auto const lines = lines_of(done.out);
    return {lines.begin(), lines.end()};
}

set fish_offers(std::string const& file, std::string const& line) {
    auto const done =
        run(find_program("fish"), {"--no-config", "-c", "source $argv[1]; complete -C $argv[2]", file, line});
    INFO(done.err);
    CHECK(done.status == exited(0));
    set out;
    for (auto const& each : lines_of(done.out))
        out.insert(each.substr(0, each.find('\t')));
    return out;
}

set as_set(list const& of) {
    return {of.begin(), of.end()};
}

}  // namespace

TEST_CASE("the commands are listed, with help itself") {
    auto const names = command_names();
    CHECK(names.size() >= 8);
    for (auto const* name : {"serve", "health", "bench", "help"})
        CHECK(std::ranges::find(names, name) != names.end());
}

TEST_CASE("a man page has every flag of --help, and the server's every command") {
    for (auto const& command : command_names()) {
        INFO(command);
        std::regex const markup{R"(\\f[BIR]|\\&)"};
        auto text = std::regex_replace(man_page_of(command), markup, "");
        text = std::regex_replace(text, std::regex{R"(\\-)"}, "-");
        set found;
        for (auto const& names : all_matches(text, "\n\\.TP\n(-[^\n]*)")) {
            for (auto const& name : all_matches(names, "(?:^|, )(-[^ ,]*)"))
                found.insert(name);
        }
        CHECK(found == flags_of(command));
    }
    auto const of_program = output({"help", "--man"});
    CHECK(of_program == man_page_of("serve"));
    for (auto const& command : command_names())
        CHECK(of_program.find("\\fB" + command + "\\fR") != std::string::npos);
    CHECK(of_program.find("ANTEROOM_POLL_WAIT") != std::string::npos);
}

TEST_CASE("man pages: mandoc finds no fault with them") {
    auto const mandoc = find_program("mandoc");
    if (mandoc.empty())
        SKIP("there is no mandoc");
    temporary_folder const folder;
    for (auto const& command : command_names()) {
        auto const checked = run(mandoc, {"-Tlint", "-Werror", folder.write(command + ".1", man_page_of(command))});
        INFO(command << '\n' << checked.out);
        CHECK(checked.status == exited(0));
    }
}

TEST_CASE("man pages: man shows them without a warning") {
    auto const man = find_program("man");
    if (man.empty())
        SKIP("there is no man");
    temporary_folder const folder;
    for (auto const& command : command_names()) {
        INFO(command);
        auto const shown = run(man, {"--warnings", "-l", folder.write(command + ".1", man_page_of(command))});
        CHECK(shown.status == exited(0));
        CHECK(shown.err.empty());
    }
}

TEST_CASE("completions for bash") {
    temporary_folder const folder;
    auto const file = folder.write("anteroom", output({"help", "--completion", "bash"}));
    auto const names = command_names();
    CHECK(bash_offers(file, {"anteroom", ""}) == as_set(names));
    CHECK(bash_offers(file, {"anteroom", "s"}) == set{"serve", "subscribe"});
    for (auto const& command : names) {
        INFO(command);
        CHECK(bash_offers(file, {"anteroom", command, "-"}) == flags_of(command));
    }
    CHECK(bash_offers(file, {"anteroom", "-"}) == flags_of("serve"));
    CHECK(bash_offers(file, {"anteroom", "subscribe", "kitchen", "--fo"}) == set{"--form"});
    CHECK(bash_offers(file, {"anteroom", "subscribe", "--form", ""}) == set{"raw", "json"});
    CHECK(bash_offers(file, {"anteroom", "subscribe", "--form", "=", "j"}) == set{"json"});
    CHECK(bash_offers(file, {"anteroom", "subscribe", "--form", "="}) == set{"raw", "json"});
    CHECK(bash_offers(file, {"anteroom", "subscribe", "--as", ""}).empty());
    CHECK(bash_offers(file, {"anteroom", "subscribe", ""}).empty());
    CHECK(bash_offers(file, {"anteroom", "help", "ch"}) == set{"chat"});
    CHECK(bash_offers(file, {"anteroom", "--config", file}) == set{file});
    CHECK(bash_offers(file, {"anteroom", "--web", file}).empty());  // it is no folder
}

TEST_CASE("completions for fish") {
    if (find_program("fish").empty())
        SKIP("there is no fish");
    temporary_folder const folder;
    auto const file = folder.write("anteroom.fish", output({"help", "--completion", "fish"}));
    auto const names = command_names();
    CHECK(fish_offers(file, "anteroom ") == as_set(names));
    for (auto const& command : names) {
        INFO(command);
        CHECK(fish_offers(file, "anteroom " + command + " -") == flags_of(command));
    }
    CHECK(fish_offers(file, "anteroom subscribe --form ") == set{"raw", "json"});
    CHECK(fish_offers(file, "anteroom subscribe --form=j") == set{"--form=json"});
    CHECK(fish_offers(file, "anteroom help ch") == set{"chat"});
    CHECK(fish_offers(file, "anteroom subscribe ").empty());
}

TEST_CASE("completions for zsh") {
    auto const zsh = find_program("zsh");
    if (zsh.empty())
        SKIP("there is no zsh");
    temporary_folder const folder;
    folder.write("_anteroom", output({"help", "--completion", "zsh"}));
    terminal_process at{{.executable = zsh,
                         .arguments = {"-f", "-i"},
                         .environment = {{"ANTEROOM_FOLDER", folder.path("")}},
                         .descriptors = std::nullopt},
                        200,
                        60};
    // Each is awaited before more is typed: zsh draws nothing while there is input that it has not read.
    auto const offers = [&](std::string const& line, set const& wanted) {
        at.forget();
        at.type(line + "\t");
        for (auto const& each : wanted) {
            INFO(line << '\n' << each << '\n' << at.written());
            CHECK(at.writes(each));
        }
        // Ctrl-U empties the line; the word is one that no help text has.
        at.type("\x15print -r -- all''-offered\r");
        CHECK(at.writes("all-offered"));
    };
    at.type(
        "fpath=($ANTEROOM_FOLDER $fpath); autoload -Uz compinit; compinit -u -D; setopt no_always_last_prompt; "
        "unset zle_bracketed_paste; LISTMAX=1000; print -r rea''dy\r");
    REQUIRE(at.writes("ready"));
    for (auto const& command : command_names()) {
        auto wanted = flags_of(command);
        std::erase_if(wanted, [](auto const& flag) { return !flag.starts_with("--"); });
        offers("anteroom " + command + " --", wanted);
    }
    set names;
    for (auto const& command : command_names())
        names.insert(command + " ");
    offers("anteroom ", names);
    // What is typed already is not written again.
    offers("anteroom subscribe --form j", {"son"});
    offers("anteroom subscribe --transport=web", {"socket"});
    offers("anteroom help ch", {"at"});
}
