#include "follower.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <cstdlib>
#include <utility>

namespace anteroom::memory {

namespace json = boost::json;

follower::follower(std::string at, form how) : at_(std::move(at)), how_(how), thread_([this] { run(); }) {}

follower::~follower() {
    ends_ = true;
    thread_.join();
}

std::uint64_t follower::reached(std::string const& room) {
    std::lock_guard const lock(mutex_);
    auto const& found = all_[room];
    return found.empty() ? 0 : found.back().number;
}

std::vector<received> follower::all(std::string const& room) {
    std::lock_guard const lock(mutex_);
    return all_[room];
}

std::string follower::wrong() {
    std::lock_guard const lock(mutex_);
    return wrong_;
}

void follower::fault(std::string what) {
    std::lock_guard const lock(mutex_);
    if (wrong_.empty())
        wrong_ = std::move(what);
}

void follower::run() {
    while (!ends_) {
        connection with(at_);
        ++connections_;
        try {
            if (how_ == form::json || how_ == form::several)
                poll(with);
            else if (how_ == form::websocket)
                listen(with);
            else
                stream(with);
        } catch (std::exception const& error) {
            fault(std::string("what came is not what the protocol says: ") + error.what());
        }
        // Where nothing can be allocated nothing is served, and whoever insists keeps others from being accepted.
        if (!ends_)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

void follower::take_message(std::string_view room, std::string_view id, std::string_view data) {
    auto const number = std::strtoull(id.data() + id.find('-') + 1, nullptr, 10);
    std::lock_guard const lock(mutex_);
    auto const found = all_.try_emplace(std::string(room)).first;
    auto const last = found->second.empty() ? 0 : found->second.back().number;
    if (number != last + 1 && wrong_.empty())
        wrong_ = "after " + std::to_string(last) + " came " + std::to_string(number);
    found->second.push_back({number, std::string(data)});
}

void follower::take_object(std::string_view text) {
    auto const value = json::parse(json::string_view(text.data(), text.size()));
    auto const& object = value.as_object();
    if (object.contains("gap"))
        return fault("a gap: " + std::string(text));
    if (!object.contains("id"))
        return;
    auto const room = object.contains("room") ? std::string_view(object.at("room").as_string()) : "a";
    std::string_view const id = object.at("id").as_string();
    take_message(room, id, object.at("data").as_string());
    if (how_ != form::json && how_ != form::several)
        cursor_ = id;
}

void follower::poll(connection& with) {
    while (with.alive() && !ends_) {
        auto const target = how_ == form::several ? std::string("/subscribe?room=a&room=b&") : "/room/a/subscribe?";
        auto const asked = "GET " + target + "wait=100&after=" + cursor_ +
                           " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n";
        if (!with.send(asked))
            return;
        while (with.input.empty() && with.alive() && !ends_)
            with.receive();
        if (ends_)
            return;
        auto const got = exchange(with, {}, 10);
        if (!got || got->status != 200)
            return;
        auto const value = json::parse(got->body);
        auto const& object = value.as_object();
        if (object.contains("gaps"))
            return fault("a gap: " + got->body);
        for (auto const& each : object.at("messages").as_array())
            take_object(json::serialize(each));
        cursor_ = object.at("next").as_string();
    }
}

// With HTTP/1.0, so that what is streamed is not in chunks.
void follower::stream(connection& with) {
    auto const type = how_ == form::sse ? "text/event-stream" : "application/x-ndjson";
    if (!with.send("GET /room/a/subscribe?after=" + cursor_ + " HTTP/1.0\r\nHost: localhost\r\nAccept: " + type +
                   "\r\n\r\n"))
        return;
    bool begun = false;
    while (with.alive() && !ends_) {
        with.receive();
        if (!begun) {
            auto const end = with.input.find("\r\n\r\n");
            if (end == std::string::npos)
                continue;
            if (std::atoi(with.input.c_str() + 9) != 200)
                return;
            with.input.erase(0, end + 4);
            begun = true;
        }
        for (auto end = with.input.find('\n'); end != std::string::npos; end = with.input.find('\n')) {
            std::string_view line(with.input.data(), end);
            if (how_ == form::sse && line == "event: gap")
                fault("a gap");
            if (how_ == form::ndjson && !line.empty())
                take_object(line);
            else if (line.starts_with("data: "))
                take_object(line.substr(6));
            with.input.erase(0, end + 1);
        }
    }
}

void follower::listen(connection& with) {
    if (!with.send("GET /room/a/subscribe?after=" + cursor_ +
                   " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"))
        return;
    bool begun = false;
    while (with.alive() && !ends_) {
        with.receive();
        if (!begun) {
            auto const end = with.input.find("\r\n\r\n");
            if (end == std::string::npos)
                continue;
            if (std::atoi(with.input.c_str() + 9) != 101)
                return;
            with.input.erase(0, end + 4);
            begun = true;
        }
        for (;;) {
            auto const& in = with.input;
            auto const byte = [&](std::size_t at) {
                return static_cast<std::size_t>(static_cast<unsigned char>(in[at]));
            };
            std::size_t head = 2;
            if (in.size() < 4)
                break;
            auto size = byte(1);
            if (size == 126) {
                size = byte(2) << 8U | byte(3);
                head = 4;
            }
            if (in.size() < head + size)
                break;
            if (byte(0) == 0x81)
                take_object(std::string_view(in).substr(head, size));
            with.input.erase(0, head + size);
        }
    }
}

}  // namespace anteroom::memory
