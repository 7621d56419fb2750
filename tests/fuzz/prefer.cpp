// Prefer: how long a poll waits is what its first usable preference says, and within the server's limits.
#include "house.hpp"
#include <anteroom/handlers/subscribing.hpp>

#include <string>

using namespace anteroom;
using namespace anteroom::fuzz;

namespace {

struct desk {
    api_options options;
    house it;
    origins allowed{{}};
    admission gate{{}, {}, allowed};
    assets page{{}};
    presence people{it.rooms(), options.presence_lease};
    std::array<shard*, 1> shards{&it.home()};
    memory_meter meter;
    idempotency_window keys{shards, options.idempotency_window, 1024, meter};
    exclusive_clients clients;
    context app{it.rooms(), shards, page, options, allowed, gate, people, keys, clients};
    http::session_over<net::test_stream> client{it.sessions(), it.home().io()};

    milliseconds wait(std::string_view prefer) {
        call by{{app, client}, http::make_request(), std::nullopt};
        auto* const fields = new http::header_fields;
        by.request->fields = fields;
        fields->values[static_cast<std::size_t>(http::header::prefer)] = prefer;
        by.request->method = http::verb::get;
        by.request->target = "/subscribe";
        by.request->parts = http::target::parse(by.request->target);
        auto const asked = read_subscription(by);
        check(static_cast<bool>(asked), "no preference is an error");
        return asked->wait;
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const input = as_text(data, size);
    static desk at;
    auto const wait = at.wait(input);
    check(wait >= milliseconds(0) && wait <= at.options.poll_wait_max, "nobody waits longer than the server wants");
    // With an unfinished quoted string in it, what stands beside it may be a part of that.
    if (input.find('"') != input.npos)
        return 0;
    check(at.wait("handling=lenient, " + std::string(input)) == wait, "other preferences do not matter");
    check(at.wait(std::string(input) + " , ") == wait, "nor do empty elements");
    std::string upper(input);
    for (char& each : upper)
        each = each >= 'a' && each <= 'z' ? static_cast<char>(each - ('a' - 'A')) : each;
    check(at.wait(upper) == wait, "nor does case");
    return 0;
}
