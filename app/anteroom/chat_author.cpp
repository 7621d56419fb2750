#include "chat_author.hpp"

#include "vocabulary.hpp"
#include <anteroom/client/publish_request.hpp>

#include <chrono>
#include <utility>

namespace anteroom {

namespace asio = boost::asio;

chat_author::chat_author(asio::any_io_executor executor, std::string url)
    : executor_(std::move(executor)), url_(std::move(url)) {}

asio::awaitable<std::optional<client::error>> chat_author::say(std::string as, std::string room, std::string text) {
    echoes_.sending(text);
    client::draft what(std::move(text));
    auto why = co_await publish(std::move(as), std::move(room), std::move(what));
    co_return why;
}

asio::awaitable<std::optional<client::error>> chat_author::announce(std::string as, std::string room, std::string was) {
    auto data = renamed_data(was);
    echoes_.sending(data);
    auto what = client::draft::json(std::move(data));
    auto why = co_await publish(std::move(as), std::move(room), std::move(what));
    co_return why;
}

asio::awaitable<std::optional<client::error>> chat_author::publish(std::string as, std::string room,
                                                                   client::draft what) {
    // Before it is published: the room may deliver it before the publisher has its answer.
    names_.insert(as);
    if (!publisher_ || publisher_name_ != as) {
        client::publisher_options options;
        options.as = as;
        options.retry_timeout = std::chrono::seconds(30);
        publisher_.emplace(executor_, url_, options);
        publisher_name_ = std::move(as);
    }
    auto const done = co_await publisher_->publish(std::move(room), std::move(what));
    if (!done) {
        echoes_.failed();
        co_return done.error();
    }
    echoes_.acknowledged(done->ids.front());
    co_return std::nullopt;
}

std::optional<client::error> chat_author::check_name(std::string_view name, std::string const& room) {
    auto const made = client::publish_request({&room, 1}, client::draft("-"), name, "-");
    return made ? std::nullopt : std::optional(made.error());
}

bool chat_author::is_own(client::message const& of) {
    return names_.contains(of.from) && echoes_.is_echo(of.id, of.data);
}

}  // namespace anteroom
