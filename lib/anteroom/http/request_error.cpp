#include <anteroom/http/request_error.hpp>

#include <string>

namespace anteroom::http {

namespace {

struct request_category final : boost::system::error_category {
    char const* name() const noexcept override { return "anteroom.request"; }
    std::string message(int value) const override {
        return static_cast<request_error>(value) == request_error::repeated_field
                   ? "a field that may come once came twice"
                   : "the only transfer coding that is understood is chunked";
    }
};

}  // namespace

boost::system::error_code make_error_code(request_error why) noexcept {
    static request_category const category;
    return {static_cast<int>(why), category};
}

}  // namespace anteroom::http
