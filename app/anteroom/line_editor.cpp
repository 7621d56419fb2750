#include "line_editor.hpp"

#include "line_layout.hpp"
#include "terminal_keys.hpp"
#include "terminal_text.hpp"

#include <fmt/format.h>

#include <histedit.h>
#include <langinfo.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <stdexcept>

namespace anteroom {

namespace {

void use_utf8() {
    std::setlocale(LC_CTYPE, "");
    if (std::string_view(::nl_langinfo(CODESET)) != "UTF-8")
        std::setlocale(LC_CTYPE, "C.UTF-8");
}

std::wstring widened(std::string const& text) {
    std::wstring out(text.size(), L'\0');
    auto const length = std::mbstowcs(out.data(), text.c_str(), out.size());
    out.resize(length == static_cast<std::size_t>(-1) ? 0 : length);
    return out;
}

std::string common_start(std::vector<std::string> const& of) {
    auto out = of.front();
    for (auto const& each : of) {
        auto const end = std::ranges::mismatch(out, each).in1;
        out.erase(end, out.end());
    }
    // Not in the middle of a character.
    while (!out.empty() && out.size() < of.front().size() &&
           (static_cast<unsigned char>(of.front()[out.size()]) & 0xC0U) == 0x80)
        out.pop_back();
    return out;
}

}  // namespace

struct line_editor::state {
    explicit state(callbacks how);
    state(state const&) = delete;
    state& operator=(state const&) = delete;
    ~state();

    static state& of(EditLine* editor);
    static char* prompt_of(EditLine* editor) { return of(editor).prompt.data(); }
    static int read_character(EditLine* editor, wchar_t* to);
    static unsigned char complete(EditLine* editor, int);

    write_result print(std::string_view lines);
    std::string erase() const;
    void redraw() { ::el_set(editor, EL_REFRESH); }

    callbacks calls;
    std::string prompt;
    EditLine* editor = nullptr;
    History* history = nullptr;
    bool drawn = false;  // the line is on the screen, with the cursor where it is edited
};

line_editor::state::state(callbacks how) : calls(std::move(how)) {
    editor = ::el_init("anteroom", stdin, stdout, stderr);
    history = ::history_init();
    if (editor == nullptr || history == nullptr)
        throw std::runtime_error("the terminal cannot be used for editing a line");
    HistEvent event;
    ::history(history, &event, H_SETSIZE, 1000);
    ::history(history, &event, H_SETUNIQUE, 1);
    ::el_set(editor, EL_CLIENTDATA, this);
    ::el_set(editor, EL_SIGNAL, 0);
    ::el_set(editor, EL_PROMPT, prompt_of);
    ::el_set(editor, EL_EDITOR, "emacs");
    ::el_set(editor, EL_HIST, ::history, history);
    ::el_set(editor, EL_GETCFN, read_character);
    // Its narrow form leaks the names.
    ::el_wset(editor, EL_ADDFN, L"anteroom-complete", L"Complete the word", complete);
    for (auto const& each : keys_without_meaning())
        ::el_set(editor, EL_BIND, each.c_str(), "ed-ignore", nullptr);
    for (auto const& each : key_bindings)
        ::el_set(editor, EL_BIND, each.keys, each.action, nullptr);
    ::el_source(editor, nullptr);
}

line_editor::state::~state() {
    if (history != nullptr)
        ::history_end(history);
    if (editor != nullptr)
        ::el_end(editor);
}

line_editor::state& line_editor::state::of(EditLine* editor) {
    void* out = nullptr;
    ::el_get(editor, EL_CLIENTDATA, &out);
    return *static_cast<state*>(out);
}

// Called by libedit, which cannot handle an exception.
int line_editor::state::read_character(EditLine* editor, wchar_t* to) {
    auto& self = of(editor);
    std::mbstate_t partial{};
    for (;;) {
        self.drawn = true;
        bool const ready = self.calls.wait();
        if (!ready) {
            std::fflush(stdout);
            write_out(STDOUT_FILENO, self.erase());
        }
        self.drawn = false;
        if (!ready)
            return 0;
        char byte = 0;
        // One at a time: what the editor does not take stays for the shell.
        auto const count = ::read(STDIN_FILENO, &byte, 1);
        if (count < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (count <= 0)
            return 0;
        bool const is_within = std::mbsinit(&partial) == 0;
        auto outcome = std::mbrtowc(to, &byte, 1, &partial);
        if (outcome == static_cast<std::size_t>(-1) && is_within) {
            // What came before was no character, but this byte may be one, or its beginning.
            partial = {};
            outcome = std::mbrtowc(to, &byte, 1, &partial);
        }
        if (outcome == static_cast<std::size_t>(-2))
            continue;
        if (outcome != static_cast<std::size_t>(-1))
            return 1;
        partial = {};  // not a character: ignored
    }
}

unsigned char line_editor::state::complete(EditLine* editor, int) {
    auto& self = of(editor);
    auto const* const line = ::el_line(editor);
    std::string const before(line->buffer, line->cursor);
    auto const found = self.calls.complete(before);
    if (found.empty())
        return CC_REFRESH_BEEP;
    auto const start = common_start(found);
    if (start.size() > before.size()) {
        ::el_insertstr(editor, start.c_str() + before.size());
        return CC_REFRESH;
    }
    if (found.size() > 1) {
        std::string all;
        for (auto const& each : found) {
            if (!all.empty())
                all += "  ";
            all += for_terminal(each);
        }
        self.drawn = true;
        self.print(all + "\n");
        self.drawn = false;
    }
    return CC_REFRESH;
}

// Goes to where the line begins, and clears what follows.
std::string line_editor::state::erase() const {
    int columns = 80;
    int rows = 24;
    ::el_get(editor, EL_GETTC, "co", &columns);
    ::el_get(editor, EL_GETTC, "li", &rows);
    auto const* const line = ::el_wline(editor);
    std::wstring_view const text(line->buffer, static_cast<std::size_t>(line->lastchar - line->buffer));
    auto const above = rows_before_cursor(widened(prompt), text, static_cast<std::size_t>(line->cursor - line->buffer),
                                          static_cast<std::size_t>(std::max(columns, 0)));
    auto const up = std::min(above, static_cast<std::size_t>(std::max(rows, 1) - 1));
    return up == 0 ? "\r\x1B[J" : fmt::format("\r\x1B[{}A\x1B[J", up);
}

write_result line_editor::state::print(std::string_view lines) {
    std::fflush(stdout);
    std::string out = drawn ? erase() : std::string();
    out += lines;
    auto const written = write_out(STDOUT_FILENO, out);
    int const error = errno;
    if (drawn)
        redraw();
    errno = error;
    return written;
}

bool line_editor::is_possible() {
    auto const* const terminal = std::getenv("TERM");
    return ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0 && terminal != nullptr &&
           std::string_view(terminal) != "dumb" && *terminal != '\0';
}

line_editor::line_editor(callbacks how) {
    use_utf8();
    state_ = std::make_unique<state>(std::move(how));
}

line_editor::~line_editor() = default;

void line_editor::prompt(std::string text) {
    state_->prompt = std::move(text);
}

std::optional<std::string> line_editor::read_line() {
    int length = 0;
    // Before the prompt is seen, since the terminal would show what is typed at once; el_gets() does it after.
    ::el_set(state_->editor, EL_PREP_TERM, 1);
    auto const* const text = ::el_gets(state_->editor, &length);
    if (text == nullptr || length <= 0) {
        // Behind the prompt, with the ^D that libedit shows.
        std::fflush(stdout);
        write_out(STDOUT_FILENO, "\r\x1B[J");
        return std::nullopt;
    }
    std::string line(text, static_cast<std::size_t>(length));
    while (line.ends_with('\n') || line.ends_with('\r'))
        line.pop_back();
    HistEvent event;
    if (line.find_first_not_of(" \t") != line.npos)
        ::history(state_->history, &event, H_ENTER, line.c_str());
    return line;
}

write_result line_editor::print(std::string_view lines) {
    return state_->print(lines);
}

void line_editor::resize() {
    ::el_resize(state_->editor);
    print({});
}

void line_editor::suspend() {
    std::fflush(stdout);
    if (state_->drawn)
        write_out(STDOUT_FILENO, state_->erase());
    ::el_set(state_->editor, EL_PREP_TERM, 0);
    ::raise(SIGSTOP);
}

void line_editor::resume() {
    ::el_resize(state_->editor);
    if (!state_->drawn)
        return;
    // The shell had the terminal in between, also where suspend() was not asked.
    ::el_set(state_->editor, EL_PREP_TERM, 0);
    ::el_set(state_->editor, EL_PREP_TERM, 1);
    write_out(STDOUT_FILENO, "\r\x1B[J");
    state_->redraw();
}

}  // namespace anteroom
