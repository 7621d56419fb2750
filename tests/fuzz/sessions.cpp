// Whatever a connection sends, in one piece or in many: the same answers.
#include "house.hpp"

#include <string>

using namespace anteroom;
using namespace anteroom::fuzz;

namespace {

struct outcome {
    std::string statuses;
    bool closed = false;

    friend bool operator==(outcome const&, outcome const&) = default;
};

outcome serve(std::string_view input, pieces in) {
    api_options options;
    options.allow_delete = true;
    options.websocket_deflate = true;
    options.allow_origins = {"https://app.example"};
    house it(options);
    connection client(it);
    client.send(input, in);
    // What waits, waits in vain.
    for (int i = 0; i < 8; ++i)
        it.advance(std::chrono::seconds(16));
    auto const& output = client.receive();
    outcome out;
    out.closed = client.is_closed();
    static constexpr std::string_view version = "HTTP/1.1 ";
    for (auto at = output.find(version); at != output.npos; at = output.find(version, at + 1))
        out.statuses.append(output, at + version.size(), 3).append(" ");
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto input = as_text(data, size);
    auto const some = pieces::of(take_byte(input));
    auto const whole = serve(input, pieces::whole());
    check(whole == serve(input, some), "the same answers in pieces");
    return 0;
}
