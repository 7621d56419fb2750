// The property that a connection has no memory of what it was asked: each request is answered on a connection that
// has had others, where what was kept of them may answer it, as it is on a fresh one, byte for byte.
#include "handlers/house.hpp"
#include "handlers/poll_writer.hpp"

#include <boost/asio/ip/address.hpp>

#include <memory>
#include <string>
#include <utility>

using namespace anteroom;
using namespace anteroom::unit;
using simulation::dice;

namespace {

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

// Requests that were answered by what was kept: polls of one room, and of several, with the cursor in the query or in
// a field.
struct tally {
    int one = 0;
    int several = 0;
    int by_header = 0;
};

struct alike {
    explicit alike(std::uint64_t seed) : by(seed), kept(std::make_unique<peer>(house.sessions, local)) {
        for (auto const& name : poll_writer::names) {
            for (auto i = by.below(4); i > 0; --i)
                house.append(name, "m" + std::to_string(++published));
        }
        house.run();
        requests.begin();
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

    // What must differ between two answers.
    static std::string without_date(std::string text) {
        for (auto at = text.find("\r\nDate: "); at != text.npos; at = text.find("\r\nDate: ", at + 2))
            text.erase(at + 2, text.find("\r\n", at + 2) - at);
        return text;
    }

    void change() {
        for (auto i = by.below(3); i > 0; --i)
            house.append(by.one_of(poll_writer::names), "m" + std::to_string(++published));
        if (by.chance(5))
            house.rooms().drop(by.one_of(poll_writer::names), house.home);
        house.run();
    }

    // One request down both.
    void step() {
        if (by.chance(40))
            change();
        if (by.chance(4))
            requests.begin();
        auto const request = requests.ask();
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
        if (continued) {
            bool const several = requests.now().path == "/subscribe";
            ++(!several ? again.one : request.find("Last-Event-ID") == request.npos ? again.several : again.by_header);
        }
        last = request;
        note(two);
    }

    // Takes the cursor of an answer, and replaces a connection that speaks HTTP no longer.
    void note(std::string const& text) {
        auto from = text;
        auto const got = text.starts_with("HTTP/1.1 1") ? answer() : take_answer(from, last.starts_with("HEAD"));
        if (auto next = got.field("Last-Event-ID"); !next.empty())
            requests.give(std::move(next));
        if (kept->is_closed() || !got.field("Transfer-Encoding").empty() || got.status == 0) {
            kept->hang_up();
            kept = std::make_unique<peer>(house.sessions, local);
        }
    }

    dice by;
    poll_writer requests{by};
    anteroom_house house{options(), limits()};
    asio::ip::address local = asio::ip::make_address("127.0.0.1");
    std::unique_ptr<peer> kept;
    std::string last;  // request on the connection
    int published = 0;
    tally again;
};

}  // namespace

TEST_CASE("a request is answered alike on a connection that has had others and on a fresh one") {
    constexpr std::uint64_t schedules = 150;
    constexpr int steps = 40;
    tally again;
    for (std::uint64_t seed = 1; seed <= schedules; ++seed) {
        CAPTURE(seed);
        alike it(seed);
        for (int i = 0; i < steps; ++i)
            it.step();
        again.one += it.again.one;
        again.several += it.again.several;
        again.by_header += it.again.by_header;
    }
    // The property is about those: of 6,000 requests some 800.
    CAPTURE(again.one, again.several, again.by_header);
    CHECK(again.one > 20);
    CHECK(again.several > 400);
    CHECK(again.by_header > 20);
}
