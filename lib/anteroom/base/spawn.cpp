#include <anteroom/base/log.hpp>
#include <anteroom/base/spawn.hpp>

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <utility>

namespace anteroom {

namespace {

/// Called at the end of a coroutine that was spawned.
struct log_failure {
    char const* name;

    void operator()(std::exception_ptr const& failure) const {
        if (!failure)
            return;
        try {
            std::rethrow_exception(failure);
        } catch (std::exception const& error) {
            log::error("{} ended by an exception: {}", name, error.what());
        } catch (...) {
            log::error("{} ended by an exception of an unknown type", name);
        }
    }
};

}  // namespace

void spawn(executor const& on, awaitable<> what, char const* name) {
    asio::co_spawn(on, std::move(what), log_failure{name});
}

}  // namespace anteroom
