#include <anteroom/base/log.hpp>
#include <anteroom/base/spawn.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <utility>

namespace anteroom {

namespace {

/// Called with the exception, if any, of a coroutine that was spawned.
struct log_failure {
    char const* name;

    void operator()(std::exception_ptr const& failure) const {
        if (!failure)
            return;
        try {
            std::rethrow_exception(failure);
        } catch (...) {
            log_escaped_exception(name);
        }
    }
};

void run_root(executor const& on, root_awaitable what) {
    asio::detail::awaitable_thread<executor>(std::move(what), on, {}, {}).launch();
}

}  // namespace

void log_escaped_exception(char const* name) noexcept {
    try {
        try {
            throw;
        } catch (std::exception const& error) {
            log::error("{} ended by an exception: {}", name, error.what());
        } catch (...) {
            log::error("{} ended by an exception of an unknown type", name);
        }
    } catch (...) {  // there is no memory even for the line
        return;
    }
}

void spawn(executor const& on, awaitable<> what, char const* name) {
    asio::co_spawn(on, std::move(what), log_failure{name});
}

void spawn_root(executor const& on, root_awaitable what) {
    if (on.running_in_this_thread())
        run_root(on, std::move(what));
    else
        asio::post(on, [on, what = std::move(what)]() mutable { run_root(on, std::move(what)); });
}

}  // namespace anteroom
