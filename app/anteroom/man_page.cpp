#include "man_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace anteroom {

namespace {

/// Text as roff shows it unchanged: hyphens, quotes and backslashes have meanings there, and what is beyond ASCII is
/// written by number.
std::string escaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const c = static_cast<unsigned char>(text[i]);
        if (c >= 0x80) {
            std::size_t const more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
            std::uint32_t code = c & (0x3FU >> more);
            for (auto const each : text.substr(i + 1, more))
                code = code << 6U | (static_cast<unsigned char>(each) & 0x3FU);
            fmt::format_to(std::back_inserter(out), "\\[u{:04X}]", code);
            i += more;
            continue;
        }
        switch (c) {
            case '\\':
                out += "\\e";
                break;
            case '-':
                out += "\\-";
                break;
            case '\'':
                out += "\\(aq";
                break;
            case '`':
                out += "\\(ga";
                break;
            case '^':
                out += "\\(ha";
                break;
            case '~':
                out += "\\(ti";
                break;
            case '"':
                out += "\\(dq";
                break;
            default:
                out += static_cast<char>(c);
        }
    }
    return out;
}

/// Names are not hyphenated, since the hyphen would seem to be part of them: variables, flags and paths.
bool is_name(std::string_view word) {
    return word.size() > 2 &&
           (word.find('_') != word.npos || word.find("\\-") != word.npos || word.find('/') != word.npos);
}

/// Lines of at most 80 characters where there are spaces; none begins as a macro does.
std::string wrapped(std::string_view roff) {
    std::string out;
    std::size_t column = 0;
    while (!roff.empty()) {
        auto const end = std::min(roff.find(' '), roff.size());
        auto const word = fmt::format("{}{}", is_name(roff.substr(0, end)) ? "\\%" : "", roff.substr(0, end));
        roff.remove_prefix(std::min(roff.size(), end + 1));
        if (column > 0 && column + 1 + word.size() > 80) {
            out += '\n';
            column = 0;
        } else if (column > 0) {
            out += ' ';
            ++column;
        }
        out.append(column == 0 && word.starts_with('.') ? "\\&" : "").append(word);
        column += word.size();
    }
    return out;
}

std::string page_name(command_reference const& of) {
    auto out = of.name;
    std::ranges::replace(out, ' ', '-');
    return out;
}

class man_writer {
  public:
    void header(command_reference const& of, std::string_view version, std::string_view date) {
        auto title = page_name(of);
        std::ranges::transform(title, title.begin(),
                               [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
        line(fmt::format(R"(.TH {} 1 "{}" "anteroom {}" "User Commands")", escaped(title), date, escaped(version)));
    }
    void section(std::string_view name) { line(fmt::format(".SH {}", name)); }
    void paragraph(std::string_view text, bool first) {
        if (!first)
            line(".PP");
        line(wrapped(escaped(text)));
    }
    /// An entry of a list: `term` is roff already.
    void entry(std::string_view term, std::string_view text) {
        line(".TP");
        line(term);
        line(wrapped(escaped(text)));
    }
    void line(std::string_view roff) { text_.append(roff).append("\n"); }
    std::string take() { return std::move(text_); }

  private:
    std::string text_;
};

std::string bold(std::string_view text) {
    return fmt::format("\\fB{}\\fR", escaped(text));
}

std::string italic(std::string_view text) {
    return fmt::format("\\fI{}\\fR", escaped(text));
}

/// What the program is: the server's own sentence begins `anteroom: what it is: how`.
std::string_view purpose(command_reference const& server) {
    auto const rest = std::string_view(server.about).substr(server.about.find(' ') + 1);
    return rest.substr(0, rest.find(':'));
}

std::string term(argument const& of) {
    std::string out;
    for (auto const& name : of.names)
        out.append(out.empty() ? "" : ", ").append(of.has_name() ? bold(name) : italic(name));
    if (of.has_name() && !of.value.empty())
        out.append(" ").append(of.choices().empty() ? italic(of.value) : escaped(of.value));
    return out.append(of.repeatable ? " ..." : "");
}

std::string synopsis(command_reference const& of) {
    auto out = bold(of.name);
    for (auto const& each : of.arguments) {
        if (each.has_name() && each.required)
            out += " " + term(each);
    }
    out += " [" + italic("OPTIONS") + "]";
    for (auto const& each : of.arguments) {
        if (each.has_name())
            continue;
        auto const name = italic(each.names.front()) + (each.repeatable ? "..." : "");
        out += each.required ? " " + name : " [" + name + "]";
    }
    return out;
}

std::string explanation(argument const& of) {
    auto out = joined_lines(of.about);
    if (!out.ends_with('.'))
        out += '.';
    if (of.required && of.has_name())
        out += " It has to be given.";
    if (!of.initial.empty())
        out += fmt::format(" Default: {}.", of.initial);
    if (!of.environment.empty())
        out += fmt::format(" Environment: {}.", of.environment);
    return out;
}

void add_arguments(man_writer& to, command_reference const& of) {
    for (bool const named : {false, true}) {
        bool first = true;
        for (auto const& each : of.arguments) {
            if (each.has_name() != named)
                continue;
            if (first)
                to.section(named ? "OPTIONS" : "ARGUMENTS");
            first = false;
            to.entry(term(each), explanation(each));
        }
    }
}

void add_exit_status(man_writer& to, command_reference const& of, bool is_server) {
    bool const has_server = std::ranges::any_of(
        of.arguments, [](argument const& each) { return std::ranges::find(each.names, "--url") != each.names.end(); });
    to.section("EXIT STATUS");
    to.entry(bold("0"), is_server ? "It was ended by SIGTERM or SIGINT." : "Success.");
    if (!is_server)
        to.entry(bold("1"), has_server ? "Failure: no server, the server refused, or the output could not be written."
                                       : "Failure: the output could not be written.");
    to.entry(bold("2"), is_server ? "A setting is not valid, or an address cannot be listened on." : "A usage error.");
}

}  // namespace

std::string man_page(command_reference const& of, std::span<command_reference const> all, std::string_view version,
                     std::string_view date) {
    bool const is_server = of.name == "anteroom";
    man_writer out;
    out.header(of, version, date);
    out.section("NAME");
    // As it is: what lists man pages reads this line.
    out.line(fmt::format("{} \\- {}", escaped(page_name(of)), escaped(is_server ? purpose(of) : of.summary)));
    out.section("SYNOPSIS");
    out.line(synopsis(of));
    if (is_server)
        out.line(fmt::format(".br\n{} {} ...", bold("anteroom"), italic("COMMAND")));
    out.section("DESCRIPTION");
    out.paragraph(of.about, true);
    for (auto const& each : of.notes)
        out.paragraph(each, false);
    if (is_server) {
        out.section("COMMANDS");
        for (auto const& each : all)
            out.entry(bold(each.word),
                      each.summary + (each.word == "serve" ? "." : fmt::format(": {}(1).", page_name(each))));
    }
    add_arguments(out, of);
    // What a command's own sentences say is not said twice.
    if (of.about.find("xit code") == of.about.npos)
        add_exit_status(out, of, is_server);
    if (!of.examples.empty())
        out.section("EXAMPLES");
    bool first = true;
    for (auto const& each : of.examples) {
        out.line(fmt::format("{}.nf\n.RS\n{}\n.RE\n.fi", first ? "" : ".PP\n", escaped(each)));
        first = false;
    }
    out.section("SEE ALSO");
    std::string others;
    for (auto const& each : all) {
        if (each.word != of.word)
            others += fmt::format("{}.BR \\%{} (1)", others.empty() ? "" : " ,\n", escaped(page_name(each)));
    }
    out.line(others);
    return out.take();
}

}  // namespace anteroom
