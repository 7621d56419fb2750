#include <anteroom/client/decoder.hpp>
#include <anteroom/client/source.hpp>
#include <anteroom/client/subscribe_request.hpp>

#include <fmt/format.h>

#include <algorithm>

// Coroutines here are awaited where they are called, by the owner of what they refer to.
// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters)
namespace anteroom::client {

namespace {

constexpr std::chrono::milliseconds no_wait{-1};

class stream_source final : public source {
  public:
    stream_source(asio::any_io_executor const& executor, server_url const& to, subscriber_options const& options)
        : http_(executor, to),
          options_(options),
          media_type_(options.over == transport::sse ? "text/event-stream" : "application/x-ndjson") {}

    asio::awaitable<fetch_result> fetch(subscription_cursor const& from, time_point until) override;
    void close() noexcept override {
        http_.close();
        decoder_.reset();
    }

  private:
    asio::awaitable<fetch_result> open(subscription_cursor const& from, time_point until);
    asio::awaitable<fetch_result> refuse(response head, time_point until);

    http_client http_;
    subscriber_options options_;
    std::string_view media_type_;
    std::unique_ptr<decoder> decoder_;
};

asio::awaitable<fetch_result> stream_source::open(subscription_cursor const& from, time_point until) {
    fetch_result out;
    auto const request = subscribe_request(options_, from, no_wait, media_type_);
    auto const bound = std::min(until, std::chrono::steady_clock::now() + options_.response_timeout);
    auto const head = co_await http_.exchange_head(request, bound);
    if (!head) {
        out.failure = retryable(head.error());
        co_return out;
    }
    if (head->status < 200 || head->status > 299) {
        out = co_await refuse(*head, bound);
        co_return out;
    }
    if (!head->field("Content-Type").starts_with(media_type_)) {
        close();
        auto why = fmt::format("the server answered with '{}', but {} was requested", head->field("Content-Type"),
                               media_type_);
        out.failure = outcome{outcome::action::give_up, {}, error(errc::refused, std::move(why), head->status)};
        co_return out;
    }
    if (options_.over == transport::sse)
        decoder_ = std::make_unique<sse_decoder>();
    else
        decoder_ = std::make_unique<ndjson_decoder>();
    out.connected = true;
    co_return out;
}

// The body of an error response explains it.
asio::awaitable<fetch_result> stream_source::refuse(response head, time_point until) {
    for (;;) {
        auto const part = co_await http_.next_body_part(until);
        if (!part || part->empty())
            break;
        head.body += *part;
    }
    close();
    fetch_result out;
    out.failure = evaluate(head);
    co_return out;
}

asio::awaitable<fetch_result> stream_source::fetch(subscription_cursor const& from, time_point until) {
    fetch_result out;
    if (!decoder_) {
        out = co_await open(from, until);
        co_return out;
    }
    auto const bound = std::min(until, std::chrono::steady_clock::now() + options_.idle_timeout);
    auto const bytes = co_await http_.next_body_part(bound);
    if (!bytes) {
        out.failure = retryable(bytes.error());
    } else if (bytes->empty()) {
        out.failure = retryable({errc::unreachable, "the server ended the stream"},
                                decoder_->retry().value_or(std::chrono::milliseconds(0)));
    } else {
        out.connected = true;
        if (!decoder_->feed(*bytes, out.events))
            out.failure = retryable({errc::unreachable, "the stream is malformed"});
    }
    if (out.failure)
        close();
    co_return out;
}

}  // namespace

std::unique_ptr<source> make_stream_source(asio::any_io_executor const& executor, server_url const& to,
                                           subscriber_options const& options) {
    return std::make_unique<stream_source>(executor, to, options);
}

}  // namespace anteroom::client
// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)
