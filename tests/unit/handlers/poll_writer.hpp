// Random polls from a grammar of what clients write, and of what nobody should.
#pragma once

#include "simulation/dice.hpp"
#include <anteroom/base/text.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anteroom::unit {

// Text as different clients encode it in a query or a path. Takes one number, so that what follows does not depend on
// the text: cursors differ from run to run.
inline std::string encoded(simulation::dice& from, std::string_view text) {
    simulation::dice by(from.below(1'000'000));
    static constexpr auto hex = std::to_array<std::string_view>({"0123456789ABCDEF", "0123456789abcdef"});
    static constexpr auto shares = std::to_array({0, 10, 50, 100});
    auto const style = by.below(16);
    if (style < 5)
        return percent_encode(text);
    if (style == 5)
        return percent_encode(percent_encode(text));
    bool const raw = style < 10;
    bool const small = by.chance(30);
    unsigned const share = raw ? 0 : static_cast<unsigned>(by.one_of(shares));
    std::string out;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        // Where a byte could not be written as it is, it seldom is.
        bool const must = (byte <= ' ' || byte >= 0x7F || c == '#' || c == '&') && !by.chance(2);
        if (must || (!raw && c == '%' && !by.chance(5)) || by.chance(share)) {
            auto const digits = hex[small ? 1 : 0];
            out.append({'%', digits[byte / 16U], digits[byte % 16U]});
        } else {
            out += c;
        }
    }
    return out;
}

// What a client asks for again and again.
struct habit {
    std::string path;
    std::vector<std::string> parameters;
    std::size_t after_at = 0;  // where the cursor stands among them
    std::string fields;
};

/// Writes one poll after the other, each with the cursor that the one before was given.
class poll_writer {
  public:
    // Names that need encoding, that become others when they are decoded once too often, or that look like syntax.
    static constexpr std::array<std::string_view, 16> names = {"a",   "b",        "c d",     "100%", "a%41", "aA",
                                                               "%2C", ",",        "a@b",     "x+y",  "q?z",  "h#i",
                                                               "a&b", "\xC3\xA4", "after=0", "0@0"};

    explicit poll_writer(simulation::dice& by) : by_(by) {}

    habit const& now() const noexcept { return now_; }
    /// A response has a cursor.
    void give(std::string next) {
        if (!given_.empty())
            earlier_.push_back(std::move(given_));
        given_ = std::move(next);
    }

    // Begins another habit.
    void begin() {
        static constexpr auto more = std::to_array<std::string_view>(
            {"wait=0", "wait=0", "wait=1", "limit=1", "limit=7", "x=1", "xafter=0", "as=ann"});
        static constexpr auto profiles = std::to_array<std::string_view>(
            {"", "Accept: application/json\r\n", "Accept: application/json\r\nPrefer: wait=1\r\n",
             "Accept: text/plain\r\nOrigin: https://app.example\r\n", "Accept:\r\n",
             "Prefer: wait=2\r\nPrefer: wait=1\r\n"});
        now_ = {};
        given_.clear();
        earlier_.clear();
        if (by_.chance(25)) {
            auto const& name = by_.one_of(names);
            now_.path = "/room/" + (by_.chance(70) ? percent_encode(name) : encoded(by_, name)) + "/subscribe";
        } else {
            now_.path = "/subscribe";
            auto const count = by_.chance(90) ? by_.between(8, 14) : by_.between(1, 8);
            auto const first = by_.below(names.size());
            for (std::uint64_t i = 0; i < count; ++i) {
                auto const& name = by_.chance(3) ? by_.one_of(names) : names[(first + i) % names.size()];  // some twice
                now_.parameters.push_back("room=" + (by_.chance(90) ? percent_encode(name) : encoded(by_, name)));
            }
        }
        // No `client`: the second of two requests ends the first.
        if (by_.chance(35))
            now_.parameters.emplace(
                now_.parameters.begin() + static_cast<std::ptrdiff_t>(by_.below(now_.parameters.size() + 1)),
                by_.one_of(more));
        now_.after_at = by_.below(now_.parameters.size() + 1);
        now_.fields = by_.one_of(profiles);
    }

    std::string ask() {
        static constexpr auto odd = std::to_array<std::string_view>(
            {"Accept: text/plain\r\n", "Accept: image/png\r\n", "Accept:\r\n", "Accept: text/event-stream\r\n",
             "Prefer: wait=1\r\n", "Prefer:\r\n", "Origin: https://evil.example\r\n", "Origin: https://app.example\r\n",
             "Sec-Fetch-Site: cross-site\r\n", "X-Forwarded-Host: evil.example\r\n",
             "Upgrade: h2c\r\nConnection: Upgrade\r\n", "Upgrade: websocket\r\n", "Connection: close\r\n",
             "Last-Event-ID: 0\r\n", "Last-Event-ID:\r\n", "Expect: 100-continue\r\n", "Content-Length: 0\r\n",
             "Content-Length: 1\r\n"});
        static constexpr auto chunks = std::to_array<std::string_view>(
            {"0\r\n\r\n", "1\r\nx\r\n0\r\n\r\n", "0\r\nConnection: close\r\n\r\n", "0\r\nAccept: text/plain\r\n\r\n"});
        auto const at = target();
        std::string fields = now_.fields;
        std::string body;
        if (by_.chance(6) && !given_.empty())
            fields += "Last-Event-ID: " + cursor() + "\r\n";
        else if (at.find("fter") == at.npos && !given_.empty() && by_.chance(60))
            fields += "Last-Event-ID: " + given_ + "\r\n";
        if (by_.chance(6)) {
            auto const added = by_.one_of(odd);
            fields += added;
            body = added.ends_with(": 1\r\n") ? "x" : "";
        } else if (by_.chance(2)) {
            fields += "Transfer-Encoding: chunked\r\n";
            body = by_.one_of(chunks);
        }
        auto const* const method = by_.chance(99) ? "GET " : "HEAD ";
        auto const* const version = by_.chance(99) ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n";
        auto const* const host = by_.chance(98) ? "Host: localhost\r\n" : "Host: evil.example\r\n";
        return std::string(method).append(at).append(version).append(host).append(fields).append("\r\n").append(body);
    }

  private:
    std::string cursor() {
        if (by_.chance(4))
            return by_.chance(70) ? "0" : "k3f9x-1";
        auto out = given_;
        if (by_.chance(4) && !earlier_.empty())
            out = by_.one_of(earlier_);
        if (by_.chance(2) && out.find(',') != out.npos)
            out.erase(0, out.find(',') + 1);
        if (auto const place = by_.below(1'000'000); by_.chance(2))
            out[place % out.size()] = "0@,-%az"[place % 7];
        return out;
    }

    std::string target() {
        static constexpr auto spelled =
            std::to_array<std::string_view>({"after", "%61fter", "a%66ter", "After", "after+", "?after", ""});
        static constexpr auto odd =
            std::to_array<std::string_view>({"%61fter=0", "after=0", "x=?after=0", "afte%72", "x=%", "=", "", "room=a",
                                             "x#", "limit=2", "wait=0.0", "limit=0"});
        auto parameters = now_.parameters;
        auto const put = [&](std::size_t at, std::string what) {
            parameters.insert(parameters.begin() + static_cast<std::ptrdiff_t>(std::min(at, parameters.size())),
                              std::move(what));
        };
        if (!given_.empty() && by_.chance(92)) {
            std::string name(by_.chance(95) ? spelled[0] : by_.one_of(spelled));
            put(now_.after_at, name.append("=").append(encoded(by_, cursor())));
        }
        if (by_.chance(5))
            put(by_.below(parameters.size() + 1), std::string(by_.one_of(odd)));
        static constexpr auto before = std::to_array<std::string_view>(
            {"http://localhost", "HTTP://localhost:80", "http://evil.example", "ftp://localhost", "//"});
        std::string out(by_.chance(2) ? by_.one_of(before) : "");
        out += now_.path;
        char separator = '?';
        for (auto const& each : parameters)
            out.append(1, std::exchange(separator, '&')).append(each);
        if (by_.chance(2))
            out += by_.chance(50) ? "#&after=0" : "&";
        return out;
    }

    simulation::dice& by_;
    habit now_;
    std::string given_;
    std::vector<std::string> earlier_;
};

}  // namespace anteroom::unit
