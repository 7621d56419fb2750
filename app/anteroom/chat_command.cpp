// `anteroom chat`: a conversation, one message a line.
#include "chat_session.hpp"
#include "command_line.hpp"

#include <csignal>

namespace anteroom {

int chat_command(invocation how) {
    std::signal(SIGPIPE, SIG_IGN);
    chat_options what;
    CLI::App app(
        "Talks in a room: a line that you type is a message, and what the others say is printed as it comes. On a\n"
        "terminal, /help lists the commands that may be typed, such as /who and /join. Ctrl-D or Ctrl-C leaves.",
        "anteroom chat");
    app.add_option("ROOM", what.room, "The room")->required()->type_name("");
    app.add_option("--as", what.as, "Your name")->type_name("NAME")->required();
    add_url(app, what.url);
    app.footer("Example: anteroom chat kitchen --as ann");
    if (auto const code = parse(app, how))
        return *code;
    if (what.as.empty())
        return usage_error(app, "--as: a name has at least one character");
    auto const server = client::parse_server_url(what.url);
    if (!server)
        return report_failure(app, server.error());
    what.server = *server;
    return chat_session(app, std::move(what)).run();
}

}  // namespace anteroom
