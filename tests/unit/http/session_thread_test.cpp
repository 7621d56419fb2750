// Operations that another thread completes, as a journal's does: their handlers go on on the session's own shard.
#include "http/scripted.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

/// Each operation has a thread that completes it.
class other_threads {
  public:
    ~other_threads() {
        for (auto& each : threads_)
            each.join();
    }

    /// Completes with `void(error_code, int)`: `value`, by another thread, in the handler's executor.
    template <class CompletionToken>
    auto async_get(int value, CompletionToken&& token) {
        return asio::async_initiate<CompletionToken, void(boost::system::error_code, int)>(
            [](auto&& handler, other_threads* self, int with) {
                auto work = asio::make_work_guard(asio::get_associated_executor(handler));
                self->threads_.emplace_back([handler = std::move(handler), work = std::move(work), with]() mutable {
                    auto const on = work.get_executor();
                    asio::dispatch(on, asio::append(std::move(handler), boost::system::error_code(), with));
                });
            },
            token, this, value);
    }

  private:
    std::vector<std::thread> threads_;
};

awaitable<> ask_others(http::session& to, http::request_ptr asked, other_threads& others, std::thread::id home) {
    int sum = 0;
    for (int i = 1; i <= 4; ++i) {
        int const got = co_await others.async_get(i, asio::deferred);
        CHECK(std::this_thread::get_id() == home);
        sum += got;
    }
    to.send(http::json_response(200, std::string(asked->target) + ' ' + std::to_string(sum)));
}

}  // namespace

TEST_CASE("a handler that another thread resumes does so on its shard, while others are served") {
    scripted_house it;
    other_threads others;
    it.service.on_request = [&](http::session& to, http::request_ptr asked) {
        if (asked->target == "/now")
            return echo(to, std::move(asked));
        return ask_others(to, std::move(asked), others, std::this_thread::get_id());
    };
    client first(it.sessions);
    client second(it.sessions);
    client third(it.sessions);
    first.write(get("/first") + get("/behind"));
    second.write(get("/second"));
    third.send(get("/now"));
    CHECK(bodies(third.receive()) == std::vector<std::string>{"/now"});

    std::string from_first;
    std::string from_second;
    auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while ((bodies(from_first).size() < 2 || from_second.empty()) && std::chrono::steady_clock::now() < until) {
        it.home.io().restart();
        it.home.io().run_one_for(std::chrono::milliseconds(100));
        from_first += first.receive();
        from_second += second.receive();
    }
    CHECK(bodies(from_first) == std::vector<std::string>{"/first 10", "/behind 10"});
    CHECK(bodies(from_second) == std::vector<std::string>{"/second 10"});
}
