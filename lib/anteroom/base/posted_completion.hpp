// A completion that is posted to its handler.
#pragma once

#include <boost/asio/associated_allocator.hpp>
#include <boost/system/error_code.hpp>

#include <utility>

namespace anteroom {

/// What asio::append() makes of a handler and an error of the system's category, but for 16 bytes less: so it fits into
/// the memory that its operation waited in, and posting it cannot fail. `Allocator` is the handler's unless another is
/// given. To be posted to the handler's executor.
template <class Handler, class Allocator = boost::asio::associated_allocator_t<Handler>>
class posted_completion {
  public:
    posted_completion(Handler&& handler, boost::system::error_code const& ec)
        : handler_(std::move(handler)),
          allocator_(boost::asio::get_associated_allocator(handler_)),
          error_(ec.value()) {}
    posted_completion(Handler&& handler, boost::system::error_code const& ec, Allocator const& allocator)
        : handler_(std::move(handler)), allocator_(allocator), error_(ec.value()) {}

    void operator()() { std::move(handler_)(boost::system::error_code(error_, boost::system::system_category())); }

    using allocator_type = Allocator;
    allocator_type get_allocator() const noexcept { return allocator_; }

  private:
    Handler handler_;
    [[no_unique_address]] Allocator allocator_;
    int error_;
};

}  // namespace anteroom
