// Parameters as they are written: found where they are read, and compared as they are decoded.
#include <anteroom/base/text.hpp>
#include <anteroom/http/target.hpp>
#include <anteroom/http/written_parameter.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace anteroom;
using namespace anteroom::http;

TEST_CASE("a parameter is found as it is written, where it is read") {
    for (std::string_view const text :
         {"/a?after=1&b=2", "/a?b=2&after=a%40b", "/a?%61fter=1&after=2", "/a?&&after=&after=2&", "/a?after&after=2",
          "/a?after=1=2&c", "/a?x=?after=1&=&y", "/a?after+=3&b=+%2B+", "/a?b=1#&after=1", "/a?b=#", "/a?=x", "/?a"}) {
        CAPTURE(text);
        auto const parsed = target::parse(text);
        REQUIRE(parsed);
        for (std::size_t i = 0; i < parsed->query().size(); ++i) {
            auto const written = written_parameter(text, i);
            CHECK(percent_decode(written, true) == parsed->query()[i].value);
            CHECK(decodes_to(written, parsed->query()[i].value));
            // It can be replaced in place.
            CHECK((written.empty() ||
                   (written.data() >= text.data() && written.data() + written.size() <= text.data() + text.size())));
        }
    }
    std::string_view const text = "/a?b=2&&after=a%40b&c=";
    CHECK(written_parameter(text, 1).data() == text.data() + text.find("a%40b"));
    CHECK(written_parameter(text, 2).data() == text.data() + text.size());
    CHECK(written_parameter(text, 1) == "a%40b");
}

TEST_CASE("what is written is compared as it would be decoded") {
    std::string_view const texts[] = {"", "a", "a b", "a+b", "a%2", "%41", "a%00b", "caf\xC3\xA9", "a@k3f9x-1,b@0"};
    std::string_view const writings[] = {"",
                                         "a",
                                         "a+b",
                                         "a%20b",
                                         "a%2bb",
                                         "a%252",
                                         "a%2",
                                         "%41",
                                         "%2541",
                                         "%",
                                         "%4",
                                         "%4g",
                                         "%-1",
                                         "%+1",
                                         "%0x41",
                                         "% 1",
                                         "a%00b",
                                         "b",
                                         "a b ",
                                         "a%20",
                                         "a%2B+",
                                         "a%2500b",
                                         "%61%20b",
                                         "caf%C3%a9",
                                         "caf\xC3\xA9",
                                         "%61",
                                         "a%40k3f9x-1,b@0",
                                         "a@k3f9x-1%2cb%400"};
    for (auto const text : texts) {
        for (auto const written : writings) {
            CAPTURE(text, written);
            CHECK(decodes_to(written, text) == (percent_decode(written, true) == text));
        }
    }
}
