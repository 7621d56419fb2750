// A stream's unread input and unsent output, at every size and place where a write may be cut.
#include "http/scripted.hpp"
#include <anteroom/http/buffered_stream.hpp>

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

class buffered final : public http::buffered_stream {
  public:
    buffered(http::worker& at, net::stream& over) : buffered_stream(at, over) {}

  private:
    void input_came() override {}
    void hung_up() override {}
    void report_soon() const noexcept override {}
};

/// A buffered stream, and the other end of it.
struct buffered_pair : scripted_house {
    net::test_stream near{home.io()};
    net::test_stream far{home.io(), near};
    buffered it{sessions, near};

    buffered_pair() { run(); }

    std::string take() {
        std::string out(100'000, '\0');
        net::error_code ec;
        out.resize(far.read_some(asio::buffer(out), ec));
        run();
        return out;
    }
    std::string take_all() {
        std::string out;
        for (auto some = take(); !some.empty() || it.has_unsent(); some = take()) {
            out += some;
            if (it.has_unsent())
                it.write_unsent();
        }
        return out;
    }
    void give(std::string_view text) {
        net::error_code ec;
        asio::const_buffer const piece(text.data(), text.size());
        CHECK(far.write_some({&piece, 1}, ec) == text.size());
        run();
    }
};

std::vector<http::part> views_of(std::vector<std::string> const& texts) {
    std::vector<http::part> out;
    for (auto const& each : texts)
        out.push_back({each, nullptr});
    return out;
}

}  // namespace

TEST_CASE("input is kept over a wait, and what comes is put behind it") {
    buffered_pair of;
    CHECK_FALSE(of.it.receive());
    of.give("first");
    CHECK(of.it.receive());
    CHECK(of.it.input() == "first");
    of.it.consume(2);
    of.it.keep_input();
    CHECK(of.it.input() == "rst");
    of.it.consume(1);
    CHECK(of.it.input() == "st");
    of.give(" second");
    CHECK(of.it.receive());
    CHECK(of.it.input() == "st second");
    of.it.consume(of.it.input().size());
    CHECK(of.it.input().empty());
    of.it.keep_input();
    of.it.consume(0);
    CHECK(of.it.input().empty());
    of.give("third");
    CHECK(of.it.receive());
    of.it.keep_input();
    of.it.consume(5);
    CHECK(of.it.input().empty());
    CHECK_FALSE(of.it.receive(true));
}

TEST_CASE("no more is read than there is room for") {
    buffered_pair of;
    of.give(std::string(40'000, 'x'));
    CHECK(of.it.receive());
    CHECK(of.it.input().size() == http::input_buffer::size);
    CHECK_FALSE(of.it.receive());
    of.it.keep_input();
    CHECK_FALSE(of.it.receive());
    CHECK(of.it.input().size() == http::input_buffer::size);
    of.it.consume(10'000);
    CHECK(of.it.receive());
    CHECK(of.it.input().size() == 40'000 - 10'000);
}

TEST_CASE("the end of the input is found behind the last of it") {
    buffered_pair of;
    of.give("last");
    of.far.shutdown_send();
    of.run();
    CHECK(of.it.peer_closed());
    CHECK(of.it.receive());
    CHECK_FALSE(of.it.ended());
    CHECK_FALSE(of.it.receive());
    CHECK(of.it.ended());
    CHECK_FALSE(of.it.failed());
    CHECK_FALSE(of.it.receive(true));
    CHECK(of.it.input() == "last");
}

TEST_CASE("parts are written in order, however many there are and wherever they are cut") {
    for (std::size_t const number : {1U, 2U, 8U, 9U, 64U, 200U}) {
        std::vector<std::string> texts;
        std::string expected;
        for (std::size_t i = 0; i < number; ++i) {
            texts.emplace_back(i % 5 * 3, static_cast<char>('a' + i % 26));
            expected += texts.back();
        }
        for (std::uint32_t const limit : {1U, 2U, 3U, 5U, 11U, 64U, 100'000U}) {
            buffered_pair of;
            of.far.limit_unread(limit);
            of.it.write(views_of(texts));
            CHECK(of.it.has_unsent() == (expected.size() > limit));
            // What is written behind it waits for its turn.
            http::part const more{"more"};
            of.it.write({&more, 1});
            CHECK(of.take_all() == expected + "more");
            CHECK(of.it.bytes_sent() == expected.size() + 4);
        }
    }
}

TEST_CASE("parts that are longer than the buffer they are joined in are written whole") {
    std::vector<std::string> const texts(20, std::string(5'000, 'x'));
    buffered_pair of;
    of.it.write(views_of(texts));
    CHECK_FALSE(of.it.has_unsent());
    CHECK(of.take() == std::string(100'000, 'x'));
}

TEST_CASE("bytes with an owner are kept, and others are copied") {
    buffered_pair of;
    of.far.limit_unread(1);
    auto const owned = std::make_shared<std::string const>("owned");
    std::string copied = "copied";
    std::array const parts{http::part{copied}, http::part{*owned, owned}, http::part{""}};
    of.it.write(parts);
    CHECK(owned.use_count() == 3);
    copied = "------";
    CHECK(of.take_all() == "copiedowned");
    CHECK(owned.use_count() == 2);
}

TEST_CASE("frames are written until the stream is full, and what went of the last is known") {
    std::vector<std::string> const texts = {"ab", "cde", "f", "", "ghij", "k"};  // three frames of two pieces
    std::vector<asio::const_buffer> pieces;
    std::string all;
    for (auto const& each : texts) {
        pieces.emplace_back(each.data(), each.size());
        all += each;
    }
    struct row {
        std::uint32_t limit;
        std::size_t frames;
        std::size_t of_next;
    };
    for (auto const& [limit, frames, of_next] :
         {row{0, 0, 0}, row{1, 0, 1}, row{2, 0, 2}, row{4, 0, 4}, row{5, 1, 0}, row{6, 2, 0}, row{8, 2, 2},
          row{10, 2, 4}, row{11, 3, 0}, row{99, 3, 0}}) {
        buffered_pair of;
        of.far.limit_unread(limit);
        auto const done = of.it.write_frames(pieces, 2);
        INFO(limit);
        CHECK(done.frames == frames);
        CHECK(done.of_next == of_next);
        CHECK_FALSE(of.it.has_unsent());
        // The caller completes the frame that was begun; those behind it wait until it has gone.
        if (of_next > 0) {
            std::array const rest{http::part{texts[2 * frames]}, http::part{texts[2 * frames + 1]}};
            of.it.keep_unsent(rest, of_next);
            CHECK(of.it.has_unsent());
            CHECK(of.it.write_frames(pieces, 2).frames == 0);
        }
        of.far.limit_unread(100);
        std::size_t whole = 0;
        for (std::size_t i = 0; i < 2 * (frames + (of_next > 0 ? 1 : 0)); ++i)
            whole += texts[i].size();
        CHECK(of.take_all() == all.substr(0, whole));
    }
}

TEST_CASE("more frames than go in one write go in several") {
    std::vector<std::string> const texts(300, "xyz");
    std::vector<asio::const_buffer> pieces;
    for (auto const& each : texts)
        pieces.emplace_back(each.data(), each.size());
    for (std::size_t const each : {1U, 2U, 3U}) {
        buffered_pair of;
        auto const done = of.it.write_frames(pieces, each);
        CHECK(done.frames == texts.size() / each);
        CHECK(done.of_next == 0);
        CHECK(of.take().size() == 900);
    }
}

TEST_CASE("what cannot be sent fails, and is not tried again") {
    buffered_pair of;
    of.far.close();
    std::string const text = "x";
    http::part const piece{text};
    of.it.write({&piece, 1});
    CHECK(of.it.failed());
    CHECK(of.it.ended());
    CHECK_FALSE(of.it.has_unsent());
    of.it.write({&piece, 1});
    asio::const_buffer const frame(text.data(), text.size());
    CHECK(of.it.write_frames({&frame, 1}, 1).frames == 0);
    CHECK(of.it.bytes_sent() == 0);
}

TEST_CASE("a stream that is closed from the start has nothing to read and takes nothing") {
    scripted_house of;
    net::test_stream closed_one(of.home.io());
    buffered it(of.sessions, closed_one);
    CHECK(it.ended());
    CHECK(it.failed());
    CHECK_FALSE(it.receive(true));
}
