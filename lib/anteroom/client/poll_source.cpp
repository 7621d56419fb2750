#include <anteroom/client/source.hpp>
#include <anteroom/client/subscribe_request.hpp>

#include <algorithm>
#include <utility>

namespace anteroom::client {

namespace {

class poll_source final : public source {
  public:
    poll_source(asio::any_io_executor const& on, server_url const& to, subscriber_options with, bool once)
        : calls_(on, to), options_(std::move(with)) {
        if (once)
            options_.wait = {};
    }

    asio::awaitable<fetched> fetch(places const& from, time_point until) override;
    void close() noexcept override { calls_.close(); }

  private:
    fetched read(answer const& got, std::chrono::milliseconds took) const;

    caller calls_;
    subscriber_options options_;
};

asio::awaitable<fetched> poll_source::fetch(places const& from, time_point until) {
    auto const asked = subscribe_request(options_, from, options_.wait, "application/json");
    auto const start = std::chrono::steady_clock::now();
    auto const bound = std::min(until, start + options_.wait + options_.patience);
    auto const got = co_await calls_.call(asked, bound);
    fetched out;
    if (!got) {
        out.trouble = passing(got.error());
        co_return out;
    }
    auto const took = std::chrono::steady_clock::now() - start;
    out = read(*got, std::chrono::duration_cast<std::chrono::milliseconds>(took));
    if (out.trouble)
        close();
    co_return out;
}

fetched poll_source::read(answer const& got, std::chrono::milliseconds took) const {
    fetched out;
    auto const verdict = judge(got);
    if (verdict.what != verdict::action::take) {
        out.trouble = verdict;
        return out;
    }
    poll_page page;
    if (!read_poll(got.body, page)) {
        out.trouble = passing({errc::unreachable, "what answers is no anteroom, or cuts its answers", got.status});
        return out;
    }
    out.alive = true;
    if (page.draining)
        out.trouble = passing({errc::unreachable, "the server is going down"}, retry_after(got));
    // Something in between that answers for the server must not be asked a thousand times a second.
    constexpr auto at_once = std::chrono::milliseconds(50);
    if (page.items.size() == 1 && !page.draining && options_.wait > 2 * at_once && took < at_once)
        out.trouble = passing({errc::unreachable, "polls are answered before anything came"});
    out.items = std::move(page.items);
    return out;
}

}  // namespace

verdict passing(error why, std::chrono::milliseconds after) {
    verdict out;
    out.what = verdict::action::again;
    out.after = after;
    out.why = std::move(why);
    return out;
}

std::unique_ptr<source> make_poll_source(asio::any_io_executor const& on, server_url const& to,
                                         subscriber_options const& with, bool once) {
    return std::make_unique<poll_source>(on, to, with, once);
}

}  // namespace anteroom::client
