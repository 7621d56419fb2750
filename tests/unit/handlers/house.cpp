#include "handlers/house.hpp"

#include <utility>

namespace anteroom::unit {

namespace {

constexpr std::array<embedded_file, 7> files = {{
    {"index.html", "<!doctype html>"},
    {"main.js", "start();"},
    {"main.js.br", "brotli"},
    {"main.js.gz", "gzip"},
    {"packed/app-1.js", "all();"},
    {"service-worker.js", "keep();"},
    {"nothing-here.html", "<a href=\"./\">"},
}};

}  // namespace

void application::open(shard& home, api_options options, hub_options limits, std::optional<std::string> const& folder) {
    shards_ = {&home};
    rooms_ = std::make_unique<hub>(shards_, limits);
    page_ = std::make_unique<assets>(files, folder);
    api_ = std::make_unique<api>(*rooms_, shards_, *page_, std::move(options));
}

awaitable<> application::serve(http::session& client, http::request_ptr asked) {
    return api_->serve(client, std::move(asked));
}

awaitable<> application::serve_again(http::session& client, std::unique_ptr<http::connection_cache> kept,
                                     http::header_fields const& fields) {
    ++continued_;
    return api_->serve_again(client, std::move(kept), fields);
}

std::optional<http::response> application::refusal_of_head(http::session& client, http::request_ptr& asked) {
    return static_cast<http::service&>(*api_).refusal_of_head(client, asked);
}

std::string application::refusal_fields(http::header_fields const& fields) {
    return static_cast<http::service&>(*api_).refusal_fields(fields);
}

anteroom_house::anteroom_house(api_options with, hub_options limits, std::optional<std::string> const& folder) {
    service.open(home, std::move(with), limits, folder);
}

std::string anteroom_house::append(std::string_view room, std::string_view text) {
    auto const told = rooms().publish(room, {content::text, std::string(text), {}}, home);
    REQUIRE(told);
    return to_string(told->ids.front());
}

std::string anteroom_house::publish(std::string_view room, std::string_view text) {
    auto id = append(room, text);
    run();
    return id;
}

std::size_t anteroom_house::waiting(std::string_view room) {
    auto const found = rooms().find(room);
    return found ? found->changes().waiting() : 0;
}

std::string anteroom_house::end(std::string_view room) {
    auto const found = rooms().find(room);
    return to_string(found ? found->end() : rooms().beginning(room));
}

void anteroom_house::drain() {
    sessions.drain();
    run();
}

void anteroom_house::sweep() {
    while (service.endpoints().sweep(home, 100))
        continue;
    run();
}

answer visitor::ask(std::string_view line, std::string_view fields, std::string_view body) {
    send(request(line, fields, body));
    auto text = receive();
    auto out = take_answer(text, line.starts_with("HEAD "));
    CHECK(text.empty());
    return out;
}

answer visitor::next_answer() {
    auto text = receive();
    auto out = take_answer(text);
    CHECK(text.empty());
    return out;
}

answer visitor::upgrade(std::string_view target, std::string_view more_fields) {
    return ask(std::string("GET ").append(target), std::string(upgrade_fields).append(more_fields));
}

}  // namespace anteroom::unit
