// Who waits in the yardstick's rooms, and what a publish sends them.
#include "loop_server.hpp"

#include <fmt/format.h>

#include <sys/socket.h>
#include <time.h>

#include <utility>

namespace anteroom::bench {
namespace {

std::string_view date() {
    static time_t when = 0;
    static std::array<char, 32> text;
    if (auto const now = ::time(nullptr); now != when) {
        when = now;
        tm parts{};
        ::gmtime_r(&now, &parts);
        ::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    }
    return text.data();
}

}  // namespace

void loop_server::wait(int fd, room& in) {
    auto& who = clients_[static_cast<std::size_t>(fd)];
    who.waits_in = &in;
    who.place = in.waiting.size();
    in.waiting.push_back(fd);
}

void loop_server::forget(int fd) {
    auto& who = clients_[static_cast<std::size_t>(fd)];
    if (who.waits_in != nullptr) {
        auto& waiting = who.form == loop_form::poll ? who.waits_in->waiting : who.waits_in->streams;
        waiting[who.place] = waiting.back();
        clients_[static_cast<std::size_t>(waiting.back())].place = who.place;
        waiting.pop_back();
        who.waits_in = nullptr;
    }
}

void loop_server::subscribe(int fd, room& in, std::string_view cursor) {
    auto& who = clients_[static_cast<std::size_t>(fd)];
    if (who.owed_previous) {
        who.owed_previous = false;
        send(fd, in.previous);
    } else if (!cursor.empty() && cursor != in.cursor) {
        send(fd, in.last);
    } else if (!cursor.empty() && broken_ == fault::repeat && misbehave()) {
        send(fd, in.last);
    } else {
        wait(fd, in);
    }
}

void loop_server::open_stream(int fd, room& in, loop_form form) {
    auto& who = clients_[static_cast<std::size_t>(fd)];
    forget(fd);
    who.form = form;
    who.waits_in = &in;
    who.place = in.streams.size();
    in.streams.push_back(fd);
    send(fd, stream_head(form, in.cursor));
}

// Sends what a faulty server would.
void loop_server::break_stream(int fd, std::string_view message, std::string_view gap) {
    auto& who = clients_[static_cast<std::size_t>(fd)];
    auto const& previous = who.waits_in->previous_streamed[who.form == loop_form::sse ? 0 : 1];
    if (broken_ != fault::repeat && !who.owed_previous && !who.owed_gap && misbehave()) {
        who.owed_previous = broken_ == fault::reorder;
        who.owed_gap = broken_ == fault::gap;
        return;
    }
    if (std::exchange(who.owed_gap, false)) {
        send(fd, gap);
    }
    send(fd, message);
    if (std::exchange(who.owed_previous, false)) {
        send(fd, previous);
    } else if (broken_ == fault::repeat && misbehave()) {
        send(fd, message);
    }
}

void loop_server::publish_to_streams(room& in, std::string_view body) {
    auto const json = message_json(in.cursor, body);
    auto const event = sse_chunk("", in.cursor, json);
    auto const frame = websocket_frame(1, json);
    auto const ping = pings_ && in.number % 16 == 0 ? websocket_frame(9, in.cursor) : std::string();
    for (auto const fd : in.streams) {
        auto& who = clients_[static_cast<std::size_t>(fd)];
        auto const sse = who.form == loop_form::sse;
        if (broken_ == fault::none) {
            send(fd, sse ? event : frame);
        } else {
            constexpr std::string_view gap = R"({"reason":"evicted","missed":1})";
            break_stream(fd, sse ? event : frame,
                         sse ? sse_chunk("gap", in.cursor, gap)
                             : websocket_frame(1, fmt::format(R"({{"gap":{},"next":"{}"}})", gap, in.cursor)));
        }
        if (!sse && !ping.empty()) {
            if (std::exchange(who.pinged, true)) {
                ::shutdown(fd, SHUT_RDWR);
            }
            send(fd, ping);
        }
    }
    if (broken_ != fault::none) {
        in.previous_streamed = {event, frame};
    }
}

void loop_server::publish(int fd, room& in, std::string_view body) {
    in.previous.swap(in.last);
    in.cursor = fmt::format("loop0-{}", ++in.number);
    in.last = fmt::format(
        "HTTP/1.1 200 OK\r\nDate: {}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nLast-Event-ID: {}\r\n"
        "Cache-Control: no-store\r\n\r\n{}",
        date(), body.size(), in.cursor, body);
    woken_.swap(in.waiting);
    for (auto const who : woken_) {
        clients_[static_cast<std::size_t>(who)].waits_in = nullptr;
        if (broken_ != fault::repeat && in.number > 1 && misbehave()) {
            clients_[static_cast<std::size_t>(who)].owed_previous = broken_ == fault::reorder;
            clients_[static_cast<std::size_t>(who)].owed_gap = broken_ == fault::gap;
            wait(who, in);
        } else if (broken_ == fault::gap && std::exchange(clients_[static_cast<std::size_t>(who)].owed_gap, false)) {
            send(who, std::string(in.last).insert(in.last.find("\r\n") + 2, "Gap: evicted;missed=1\r\n"));
        } else {
            send(who, in.last);
        }
    }
    if (!in.streams.empty()) {
        publish_to_streams(in, body);
    }
    auto const receipt = fmt::format(R"({{"id":"{}","subscribers":{}}})", in.cursor, woken_.size() + in.streams.size());
    woken_.clear();
    send(fd, fmt::format("HTTP/1.1 201 Created\r\nDate: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n"
                         "Cache-Control: no-store\r\n\r\n{}",
                         date(), receipt.size(), receipt));
}

}  // namespace anteroom::bench
