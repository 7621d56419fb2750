#include "http_client.hpp"

#include "harness_error.hpp"

namespace anteroom::integration {

response http_client::receive(milliseconds bound, bool to_head) {
    auto answer = receive_or_end(bound, to_head);
    if (!answer) {
        throw harness_error{"the server closed the connection instead of answering"};
    }
    return std::move(*answer);
}

std::optional<response> http_client::receive_or_end(milliseconds bound, bool to_head) {
    deadline const end{bound};
    auto ended = false;
    for (;;) {
        if (auto answer = take_response(buffer_, to_head, ended)) {
            return answer;
        }
        if (ended && buffer_.empty()) {
            return std::nullopt;
        }
        if (ended) {
            throw harness_error{"the server closed the connection within a response: " + buffer_.substr(0, 2000)};
        }
        auto const outcome = connection_.read_some(buffer_, end.left());
        if (outcome == read_outcome::timed_out) {
            throw harness_error{"no response in time; so far: " + buffer_.substr(0, 2000)};
        }
        ended = outcome != read_outcome::data;
    }
}

response http_client::exchange(request const& what, milliseconds bound) {
    send(what);
    return receive(bound, what.method == "HEAD");
}

bool http_client::is_closed_within(milliseconds bound) {
    if (!buffer_.empty()) {
        return false;
    }
    auto const outcome = connection_.read_some(buffer_, bound);
    return outcome == read_outcome::end || outcome == read_outcome::reset;
}

bool http_client::is_quiet_for(milliseconds bound) {
    return buffer_.empty() && connection_.read_some(buffer_, bound) == read_outcome::timed_out;
}

}  // namespace anteroom::integration
