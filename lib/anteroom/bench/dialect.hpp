// How a kind of server is subscribed and published to: its requests, its cursors, what its answers and events mean.
#pragma once

#include <anteroom/bench/answer.hpp>
#include <anteroom/bench/options.hpp>
#include <anteroom/bench/sse_reader.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom::bench {

enum class poll_outcome { message, nothing, refused };

/// A gap as the server reported it: `Gap: reason;missed=N;room=NAME`, or the same as JSON.
struct reported_gap {
    bool counted = false;  // `missed` was there
    std::uint64_t missed = 0;
    std::string_view room;
};
reported_gap read_gap(std::string_view field);

/// What a poll's answer or a stream delivered.
struct subscriber_event {
    enum class kind { message, gap, nothing, refused };
    kind type = kind::nothing;
    std::string_view body;
    std::string_view room;  // empty: the only one
    reported_gap gap;
};
/// A message, of the room with this name or of the only one.
subscriber_event message_event(std::string_view body, std::string_view room = {});
using event_sink = std::function<void(subscriber_event const&)>;

/// Where a subscription begins.
struct subscription_start {
    std::string target;
    std::string cursor;  // empty: what is published from now on
};

class dialect {
  public:
    /// `host` is the Host field. Throws std::invalid_argument where the server's kind cannot do what is asked.
    static std::unique_ptr<dialect> make(load_options const& options, std::string_view host);

    dialect(dialect const&) = delete;
    dialect& operator=(dialect const&) = delete;
    virtual ~dialect() = default;

    /// Whether a subscriber that was not connected receives what it missed.
    virtual bool resumes() const { return true; }

    /// Where these rooms, one or several, are subscribed to, from now or from their beginning.
    virtual subscription_start start(std::vector<std::string_view> const& rooms, bool from_oldest) const = 0;

    /// Appends the request that polls `target` from `cursor`, or opens a stream there.
    virtual void subscribe(std::string& out, std::string_view target, std::string_view cursor) const = 0;

    /// Appends the request that publishes `body`.
    void publish(std::string& out, std::string_view room, std::string_view body) const;

    /// Stores in `cursor` what the next poll has to send.
    virtual void update_cursor(answer const& from, std::string& cursor) const = 0;

    virtual poll_outcome classify(answer const& polled) const = 0;
    /// Passes on what an answer contains that classify() calls a message.
    virtual void read(answer const& polled, event_sink const& to) const;
    bool accepted(answer const& published) const;

    /// The head says that a stream of the right kind follows.
    bool opened(answer const& head) const;
    virtual subscriber_event read(sse_event const& event) const = 0;
    virtual subscriber_event read(std::string_view websocket_message) const = 0;

  protected:
    dialect(load_options const& options, std::string_view host, std::string_view accept);

    virtual std::string publish_target(std::string_view room) const = 0;

    transport_kind transport() const { return transport_; }
    bool several() const { return several_; }
    /// Everything after the request target and before the cursor's fields.
    std::string const& fields() const { return subscribe_fields_; }

  private:
    transport_kind transport_;
    bool several_;
    std::string subscribe_fields_;
    std::string publish_fields_;  // everything after the request target and before the length
};

std::unique_ptr<dialect> make_anteroom_dialect(load_options const& options, std::string_view host);
std::unique_ptr<dialect> make_nchan_dialect(load_options const& options, std::string_view host);
std::unique_ptr<dialect> make_tutorial_dialect(load_options const& options, std::string_view host);
std::unique_ptr<dialect> make_raw_dialect(load_options const& options, std::string_view host);

}  // namespace anteroom::bench
