#include "crowd.hpp"

#include "harness_error.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <sys/resource.h>

#include <algorithm>

namespace anteroom::integration {

std::size_t raise_descriptor_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

crowd::crowd(endpoint const& where, std::size_t count, std::function<std::string(std::size_t)> const& request) {
    if (raise_descriptor_limit() < count + 100) {
        throw harness_error{"the descriptor limit is too low for the crowd"};
    }
    members_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        members_.push_back(member{connection{where}, {}, {}, false});
        members_.back().socket.send(request(i));
    }
}

void crowd::read_until(std::function<bool(member const&)> const& done, milliseconds bound) {
    deadline const end{bound};
    while (!std::ranges::all_of(members_, done)) {
        if (end.passed()) {
            auto const count = std::ranges::count_if(members_, done);
            throw harness_error{
                fmt::format("only {} of {} members got what they are waiting for", count, members_.size())};
        }
        read_ready(end.left());
    }
}

void crowd::read_until_any(std::function<bool(member const&)> const& done, milliseconds bound) {
    deadline const end{bound};
    while (std::ranges::none_of(members_, done)) {
        if (end.passed()) {
            throw harness_error{"no member got what it is waiting for"};
        }
        read_ready(end.left());
    }
}

void crowd::read_ready(milliseconds bound) {
    std::vector<pollfd> waiting;
    waiting.reserve(members_.size());
    for (auto const& one : members_) {
        waiting.push_back({one.closed ? -1 : one.socket.native_handle(), POLLIN, 0});
    }
    ::poll(waiting.data(), waiting.size(), static_cast<int>(bound.count()));
    for (std::size_t i = 0; i < members_.size(); ++i) {
        if (waiting[i].revents != 0) {
            read(members_[i]);
        }
    }
}

void crowd::read(member& reader) {
    auto const outcome = reader.socket.read_some(reader.buffer, 0ms);
    reader.closed = outcome == read_outcome::end || outcome == read_outcome::reset;
    while (auto answer = take_response(reader.buffer, false, reader.closed)) {
        reader.answers.push_back(std::move(*answer));
    }
}

}  // namespace anteroom::integration
