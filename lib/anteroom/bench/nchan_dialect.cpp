// nginx's Nchan, configured as tests/bench/servers.mjs does it. Its cursor is the pair Last-Modified and ETag.
#include <anteroom/bench/dialect.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace anteroom::bench {

namespace {

class nchan_dialect final : public dialect {
  public:
    nchan_dialect(load_options const& options, std::string_view host) : dialect(options, host, "*/*") {}

    subscription_start start(std::vector<std::string_view> const& rooms, bool from_oldest) const override {
        char const* const where = transport() == transport_kind::batch ? "/subm/"
                                  : from_oldest                        ? "/old/"
                                  : several()                          ? "/subs/"
                                                                       : "/sub/";
        return {fmt::format("{}{}", where, fmt::join(rooms, ",")), ""};
    }

    void subscribe(std::string& out, std::string_view target, std::string_view cursor) const override {
        out.append("GET ").append(target).append(fields()).append(cursor).append("\r\n");
    }

    void update_cursor(answer const& from, std::string& cursor) const override {
        if (from.last_modified.empty())
            return;  // a timeout carries no cursor: the old one stays good
        cursor.assign("If-Modified-Since: ").append(from.last_modified);
        cursor.append("\r\nIf-None-Match: ").append(from.etag).append("\r\n");
    }

    poll_outcome classify(answer const& polled) const override {
        if (polled.status == 200)
            return poll_outcome::message;
        return polled.status == 408 || polled.status == 304 ? poll_outcome::nothing : poll_outcome::refused;
    }

    // Several messages come as multipart/mixed (RFC 2046, 5.1), one as it is.
    void read(answer const& polled, event_sink const& to) const override {
        if (!polled.content_type.starts_with("multipart/mixed")) {
            dialect::read(polled, to);
            return;
        }
        auto const delimiter = polled.body.substr(0, polled.body.find('\r'));
        for (auto at = delimiter.size();;) {
            auto const head_end = polled.body.find("\r\n\r\n", at);
            if (head_end == std::string_view::npos)
                return;
            auto const first = head_end + 4;
            at = polled.body.find(delimiter, first);
            if (at == std::string_view::npos || at < first + 2)
                return;
            to(message_event(polled.body.substr(first, at - 2 - first)));
        }
    }

    subscriber_event read(sse_event const& event) const override {
        subscriber_event out;
        if (event.data.data() == nullptr)
            return out;
        out.type = event.id.empty() ? subscriber_event::kind::refused : subscriber_event::kind::message;
        out.body = event.id.empty() ? "a message without a cursor" : event.data;
        return out;
    }

    subscriber_event read(std::string_view message) const override { return message_event(message); }

  private:
    std::string publish_target(std::string_view room) const override { return fmt::format("/pub/{}", room); }
};

}  // namespace

std::unique_ptr<dialect> make_nchan_dialect(load_options const& options, std::string_view host) {
    return std::make_unique<nchan_dialect>(options, host);
}

}  // namespace anteroom::bench
