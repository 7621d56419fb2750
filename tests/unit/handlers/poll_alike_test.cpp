// The property that a connection has no memory of what it was asked: each request is answered on a connection that
// has had others, where what was kept of them may answer it, as it is on a fresh one, byte for byte. Random requests
// from a grammar of what clients write, and of what nobody should.
#include "handlers/house.hpp"
#include "simulation/dice.hpp"
#include <anteroom/base/text.hpp>

#include <boost/asio/ip/address.hpp>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;
using simulation::dice;

namespace {

// Names that need encoding, that become others when they are decoded once too often, or that look like syntax.
constexpr std::array<std::string_view, 16> names = {"a",   "b",   "c d", "100%", "a%41", "aA",       "%2C",     ",",
                                                    "a@b", "x+y", "q?z", "h#i",  "a&b",  "\xC3\xA4", "after=0", "0@0"};

// Text as different clients encode it in a query or a path. Takes one number, so that what follows does not depend on
// the text: cursors differ from run to run.
std::string encoded(dice& from, std::string_view text) {
    dice by(from.below(1'000'000));
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

// Somebody at an address, so that names of hosts matter.
struct peer : client {
    peer(http::worker& to, asio::ip::address const& from) : client(to) { stream().set_address(from); }
};

// Another worker on the shard of a house, whose sessions end with it.
struct other_worker {
    explicit other_worker(anteroom_house& of) : home(of.home), sessions(of.home, of.service, of.options) {}
    ~other_worker() {
        sessions.abort();
        run_ready(home);
    }
    other_worker(other_worker const&) = delete;
    other_worker& operator=(other_worker const&) = delete;

    shard& home;
    http::worker sessions;
};

struct alike {
    explicit alike(std::uint64_t seed) : by(seed), kept(std::make_unique<peer>(house.sessions, local)) {
        for (auto const& name : names) {
            for (auto i = by.below(4); i > 0; --i)
                house.append(name, "m" + std::to_string(++published));
        }
        house.run();
        begin();
    }

    static api_options options() {
        api_options out;
        out.allow_origins = {"https://app.example"};
        return out;
    }
    static hub_options limits() {
        hub_options out;
        out.history.messages = 4;
        return out;
    }

    // Begins another habit.
    void begin() {
        static constexpr auto more = std::to_array<std::string_view>(
            {"wait=0", "wait=0", "wait=1", "limit=1", "limit=7", "x=1", "xafter=0", "as=ann"});
        static constexpr auto profiles = std::to_array<std::string_view>(
            {"", "Accept: application/json\r\n", "Accept: application/json\r\nPrefer: wait=1\r\n",
             "Accept: text/plain\r\nOrigin: https://app.example\r\n", "Accept:\r\n",
             "Prefer: wait=2\r\nPrefer: wait=1\r\n"});
        now = {};
        given.clear();
        earlier.clear();
        if (by.chance(25)) {
            auto const& name = by.one_of(names);
            now.path = "/room/" + (by.chance(70) ? percent_encode(name) : encoded(by, name)) + "/subscribe";
        } else {
            now.path = "/subscribe";
            auto const count = by.chance(90) ? by.between(8, 14) : by.between(1, 8);
            auto const first = by.below(names.size());
            for (std::uint64_t i = 0; i < count; ++i) {
                auto const& name = names[(first + i) % names.size()];
                now.parameters.push_back("room=" + (by.chance(90) ? percent_encode(name) : encoded(by, name)));
            }
        }
        // No `client`: the second of two requests ends the first.
        if (by.chance(35))
            now.parameters.emplace(
                now.parameters.begin() + static_cast<std::ptrdiff_t>(by.below(now.parameters.size() + 1)),
                by.one_of(more));
        now.after_at = by.below(now.parameters.size() + 1);
        now.fields = by.one_of(profiles);
    }

    std::string cursor() {
        if (by.chance(4))
            return by.chance(70) ? "0" : "k3f9x-1";
        auto out = given;
        if (by.chance(4) && !earlier.empty())
            out = by.one_of(earlier);
        if (by.chance(2) && out.find(',') != out.npos)
            out.erase(0, out.find(',') + 1);
        if (auto const place = by.below(1'000'000); by.chance(2))
            out[place % out.size()] = "0@,-%az"[place % 7];
        return out;
    }

    std::string target() {
        static constexpr auto spelled =
            std::to_array<std::string_view>({"after", "%61fter", "a%66ter", "After", "after+", "?after", ""});
        static constexpr auto odd =
            std::to_array<std::string_view>({"%61fter=0", "after=0", "x=?after=0", "afte%72", "x=%", "=", "", "room=a",
                                             "x#", "limit=2", "wait=0.0", "limit=0"});
        auto parameters = now.parameters;
        auto const put = [&](std::size_t at, std::string what) {
            parameters.insert(parameters.begin() + static_cast<std::ptrdiff_t>(std::min(at, parameters.size())),
                              std::move(what));
        };
        if (!given.empty() && by.chance(92)) {
            std::string name(by.chance(95) ? spelled[0] : by.one_of(spelled));
            put(now.after_at, name.append("=").append(encoded(by, cursor())));
        }
        if (by.chance(5))
            put(by.below(parameters.size() + 1), std::string(by.one_of(odd)));
        static constexpr auto before = std::to_array<std::string_view>(
            {"http://localhost", "HTTP://localhost:80", "http://evil.example", "ftp://localhost", "//"});
        std::string out(by.chance(2) ? by.one_of(before) : "");
        out += now.path;
        char separator = '?';
        for (auto const& each : parameters)
            out.append(1, std::exchange(separator, '&')).append(each);
        if (by.chance(2))
            out += by.chance(50) ? "#&after=0" : "&";
        return out;
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
        std::string fields = now.fields;
        std::string body;
        if (by.chance(6) && !given.empty())
            fields += "Last-Event-ID: " + cursor() + "\r\n";
        else if (at.find("fter") == at.npos && !given.empty() && by.chance(60))
            fields += "Last-Event-ID: " + given + "\r\n";
        if (by.chance(6)) {
            auto const added = by.one_of(odd);
            fields += added;
            body = added.ends_with(": 1\r\n") ? "x" : "";
        } else if (by.chance(2)) {
            fields += "Transfer-Encoding: chunked\r\n";
            body = by.one_of(chunks);
        }
        auto const* const method = by.chance(99) ? "GET " : "HEAD ";
        auto const* const version = by.chance(99) ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n";
        auto const* const host = by.chance(98) ? "Host: localhost\r\n" : "Host: evil.example\r\n";
        return std::string(method).append(at).append(version).append(host).append(fields).append("\r\n").append(body);
    }

    // What must differ between two answers.
    static std::string without_date(std::string text) {
        for (auto at = text.find("\r\nDate: "); at != text.npos; at = text.find("\r\nDate: ", at + 2))
            text.erase(at + 2, text.find("\r\n", at + 2) - at);
        return text;
    }

    void change() {
        for (auto i = by.below(3); i > 0; --i)
            house.append(by.one_of(names), "m" + std::to_string(++published));
        if (by.chance(5))
            house.rooms().drop(by.one_of(names), house.home);
        house.run();
    }

    // One request down both.
    void step() {
        if (by.chance(40))
            change();
        if (by.chance(4))
            begin();
        auto const request = ask();
        CAPTURE(last, request);
        // With a cache of heads of its own, so that the parser reads it too.
        other_worker apart(house);
        auto const before = house.service.continued();
        kept->send(request);
        bool const continued = house.service.continued() > before;
        std::string two;
        {
            peer fresh(apart.sessions, local);
            fresh.send(request);
            auto one = kept->receive();
            two = fresh.receive();
            // What waits is answered by a message, or late.
            for (int i = 0; i < 8 && (one.empty() || two.empty()) && !kept->is_closed(); ++i) {
                REQUIRE(one == two);
                if (by.chance(60))
                    change();
                else
                    house.advance(std::chrono::seconds(20));
                one = kept->receive();
                two = fresh.receive();
            }
            REQUIRE(without_date(one) == without_date(two));
            REQUIRE(kept->is_closed() == fresh.is_closed());
        }
        again += continued ? 1 : 0;
        last = request;
        note(two);
    }

    // Takes the cursor of an answer, and replaces a connection that speaks HTTP no longer.
    void note(std::string const& text) {
        auto from = text;
        auto const got = text.starts_with("HTTP/1.1 1") ? answer() : take_answer(from, last.starts_with("HEAD"));
        if (auto next = got.field("Last-Event-ID"); !next.empty()) {
            if (!given.empty())
                earlier.push_back(std::exchange(given, std::move(next)));
            else
                given = std::move(next);
        }
        if (kept->is_closed() || !got.field("Transfer-Encoding").empty() || got.status == 0) {
            kept->hang_up();
            kept = std::make_unique<peer>(house.sessions, local);
        }
    }

    dice by;
    anteroom_house house{options(), limits()};
    asio::ip::address local = asio::ip::make_address("127.0.0.1");
    std::unique_ptr<peer> kept;
    habit now;
    std::string given;
    std::vector<std::string> earlier;
    std::string last;  // request on the connection
    int published = 0;
    int again = 0;  // requests that were answered by what was kept
};

}  // namespace

TEST_CASE("a request is answered alike on a connection that has had others and on a fresh one") {
    constexpr std::uint64_t schedules = 150;
    constexpr int steps = 40;
    int again = 0;
    for (std::uint64_t seed = 1; seed <= schedules; ++seed) {
        CAPTURE(seed);
        alike it(seed);
        for (int i = 0; i < steps; ++i)
            it.step();
        again += it.again;
    }
    // The property is about those.
    CHECK(again > static_cast<int>(schedules) * steps / 10);
}
