// Servers without cursors: the long poll of the classic tutorial, and streams that carry a message and nothing else.
#include <anteroom/bench/dialect.hpp>

#include <fmt/format.h>

#include <stdexcept>

namespace anteroom::bench {

namespace {

class plain_dialect : public dialect {
  public:
    bool resumes() const final { return false; }

    void subscribe(std::string& out, std::string_view target, std::string_view) const final {
        out.append("GET ").append(target).append(fields()).append("\r\n");
    }

    void update_cursor(answer const&, std::string&) const final {}

    poll_outcome classify(answer const& polled) const final {
        if (polled.status == 200)
            return poll_outcome::message;
        return polled.status == 204 ? poll_outcome::nothing : poll_outcome::refused;
    }

    using dialect::read;
    subscriber_event read(sse_event const& event) const final {
        return event.data.data() == nullptr ? subscriber_event{} : read(event.data);
    }

    subscriber_event read(std::string_view message) const final { return message_event(message); }

  protected:
    plain_dialect(load_options const& options, std::string_view host) : dialect(options, host, "*/*") {
        if (options.mode == load_mode::backlog || options.mode == load_mode::storm || options.together > 1)
            throw std::invalid_argument("a server without cursors keeps no messages and knows no sets of rooms");
    }
};

class tutorial_dialect final : public plain_dialect {
  public:
    tutorial_dialect(load_options const& options, std::string_view host) : plain_dialect(options, host) {
        if (options.rooms > 1 || options.transport != transport_kind::poll)
            throw std::invalid_argument("the tutorial's server has one room, and polls alone");
    }

    subscription_start start(std::vector<std::string_view> const&, bool) const override { return {"/subscribe", ""}; }

  private:
    std::string publish_target(std::string_view) const override { return "/publish"; }
};

class raw_dialect final : public plain_dialect {
  public:
    raw_dialect(load_options const& options, std::string_view host) : plain_dialect(options, host) {
        if (options.transport == transport_kind::batch)
            throw std::invalid_argument("a raw server has a message an answer");
    }

    subscription_start start(std::vector<std::string_view> const& rooms, bool) const override {
        return {fmt::format("/room/{}", rooms.front()), ""};
    }

  private:
    std::string publish_target(std::string_view room) const override { return fmt::format("/room/{}", room); }
};

}  // namespace

std::unique_ptr<dialect> make_tutorial_dialect(load_options const& options, std::string_view host) {
    return std::make_unique<tutorial_dialect>(options, host);
}

std::unique_ptr<dialect> make_raw_dialect(load_options const& options, std::string_view host) {
    return std::make_unique<raw_dialect>(options, host);
}

}  // namespace anteroom::bench
