// Man pages from what commands take.
#include <anteroom/man_page.hpp>

#include <catch2/catch_test_macros.hpp>

#include <vector>

using anteroom::argument;
using anteroom::command_reference;
using anteroom::man_page;

namespace {

argument option(std::vector<std::string> names, std::string value, std::string about) {
    argument out;
    out.names = std::move(names);
    out.value = std::move(value);
    out.about = std::move(about);
    return out;
}

command_reference listen() {
    command_reference out;
    out.word = "listen";
    out.summary = "hear what is said";
    out.name = "anteroom listen";
    out.about = "Hears - or 'hears' - what C:\\is said…";
    out.arguments = {option({"ROOM"}, "", "The room"), option({"-f", "--form"}, "raw|json", ".form\nof it"),
                     option({"--as"}, "NAME", "A name")};
    out.arguments[0].required = true;
    out.arguments[0].repeatable = true;
    out.arguments[1].initial = "raw";
    out.arguments[1].environment = "ANTEROOM_FORM";
    out.arguments[2].required = true;
    out.examples = {"anteroom listen hall", "anteroom listen 'a b'"};
    return out;
}

bool has(std::string const& page, std::string_view text) {
    return page.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a man page has what the command takes") {
    auto const page = man_page(listen(), {}, "1.2.3", "2026-05-28");
    CHECK(page.starts_with(".TH ANTEROOM\\-LISTEN 1 \"2026-05-28\" \"anteroom 1.2.3\" \"User Commands\"\n"));
    CHECK(has(page, "anteroom\\-listen \\- hear what is said\n"));
    CHECK(has(page, "\\fBanteroom listen\\fR \\fB\\-\\-as\\fR \\fINAME\\fR [\\fIOPTIONS\\fR] \\fIROOM\\fR...\n"));
    CHECK(has(page, ".TP\n\\fB\\-f\\fR, \\fB\\-\\-form\\fR raw|json\n"));
    CHECK(has(page, " Default: raw. Environment: \\%ANTEROOM_FORM.\n"));
    CHECK(has(page, ".TP\n\\fB\\-\\-as\\fR \\fINAME\\fR\nA name. It has to be given.\n"));
    CHECK(has(page, "anteroom listen \\(aqa b\\(aq\n"));
    CHECK(has(page, ".SH EXIT STATUS\n"));
    CHECK(has(page, "\nFailure: the output could not be written.\n"));
    auto with_server = listen();
    with_server.arguments.push_back(option({"--url"}, "URL", "The server"));
    CHECK(has(man_page(with_server, {}, "1", ""), "\nFailure: no server, the server refused,"));
}

TEST_CASE("text is shown by roff as it is") {
    auto const page = man_page(listen(), {}, "1", "");
    CHECK(has(page, "Hears \\- or \\(aqhears\\(aq \\- what C:\\eis said\\[u2026]\n"));
    // It would be a macro at the start of a line.
    CHECK(has(page, "\n\\&.form of it."));
}

TEST_CASE("lines are short") {
    auto of = listen();
    of.about.clear();
    for (int i = 0; i < 40; ++i)
        of.about += "words .and ";
    std::size_t length = 0;
    for (char const c : man_page(of, {}, "1", "")) {
        length = c == '\n' ? 0 : length + 1;
        CHECK(length <= 82);
    }
    CHECK_FALSE(has(man_page(of, {}, "1", ""), "\n.and"));
}

TEST_CASE("the server's page lists the commands") {
    auto server = listen();
    server.word = "serve";
    server.name = "anteroom";
    server.about = "anteroom: calls who waits: quickly. Without a flag too.";
    std::vector<command_reference> const all{server, listen()};
    auto const page = man_page(server, all, "1", "");
    CHECK(has(page, "anteroom \\- calls who waits\n"));
    CHECK(has(page, ".TP\n\\fBlisten\\fR\nhear what is said: \\%anteroom\\-listen(1).\n"));
    CHECK(has(page, ".SH SEE ALSO\n.BR \\%anteroom\\-listen (1)\n"));
}
