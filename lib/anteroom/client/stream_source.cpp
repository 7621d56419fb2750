#include <anteroom/client/decoder.hpp>
#include <anteroom/client/source.hpp>
#include <anteroom/client/subscribe_request.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace anteroom::client {

namespace {

constexpr std::chrono::milliseconds no_wait{-1};

class stream_source final : public source {
  public:
    stream_source(asio::any_io_executor const& on, server_url const& to, subscriber_options const& with)
        : calls_(on, to),
          options_(with),
          media_type_(with.over == transport::sse ? "text/event-stream" : "application/x-ndjson") {}

    asio::awaitable<fetched> fetch(places const& from, time_point until) override;
    void close() noexcept override {
        calls_.close();
        decoder_.reset();
    }

  private:
    asio::awaitable<fetched> open(places const& from, time_point until);
    asio::awaitable<fetched> refuse(answer head, time_point until);

    caller calls_;
    subscriber_options options_;
    std::string_view media_type_;
    std::unique_ptr<decoder> decoder_;
};

asio::awaitable<fetched> stream_source::open(places const& from, time_point until) {
    fetched out;
    auto const asked = subscribe_request(options_, from, no_wait, media_type_);
    auto const bound = std::min(until, std::chrono::steady_clock::now() + options_.patience);
    auto const head = co_await calls_.open(asked, bound);
    if (!head) {
        out.trouble = passing(head.error());
        co_return out;
    }
    if (head->status < 200 || head->status > 299) {
        out = co_await refuse(*head, bound);
        co_return out;
    }
    if (!head->field("Content-Type").starts_with(media_type_)) {
        close();
        auto why = fmt::format("the server answered with '{}' where {} was asked for", head->field("Content-Type"),
                               media_type_);
        out.trouble = verdict{verdict::action::give_up, {}, error(errc::refused, std::move(why), head->status)};
        co_return out;
    }
    if (options_.over == transport::sse)
        decoder_ = std::make_unique<sse_decoder>();
    else
        decoder_ = std::make_unique<ndjson_decoder>();
    out.alive = true;
    co_return out;
}

// The body says what is wrong.
asio::awaitable<fetched> stream_source::refuse(answer head, time_point until) {
    for (;;) {
        auto const part = co_await calls_.more(until);
        if (!part || part->empty())
            break;
        head.body += *part;
    }
    close();
    fetched out;
    out.trouble = judge(head);
    co_return out;
}

asio::awaitable<fetched> stream_source::fetch(places const& from, time_point until) {
    fetched out;
    if (!decoder_) {
        out = co_await open(from, until);
        co_return out;
    }
    auto const bound = std::min(until, std::chrono::steady_clock::now() + options_.silence);
    auto const bytes = co_await calls_.more(bound);
    if (!bytes) {
        out.trouble = passing(bytes.error());
    } else if (bytes->empty()) {
        out.trouble = passing({errc::unreachable, "the server ended the stream"},
                              decoder_->retry().value_or(std::chrono::milliseconds(0)));
    } else {
        out.alive = true;
        if (!decoder_->feed(*bytes, out.items))
            out.trouble = passing({errc::unreachable, "the stream is broken"});
    }
    if (out.trouble)
        close();
    co_return out;
}

}  // namespace

std::unique_ptr<source> make_stream_source(asio::any_io_executor const& on, server_url const& to,
                                           subscriber_options const& with) {
    return std::make_unique<stream_source>(on, to, with);
}

}  // namespace anteroom::client
