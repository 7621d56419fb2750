// Recognises one's own messages when the room delivers them.
#pragma once

#include <deque>
#include <set>
#include <string>
#include <string_view>

namespace anteroom {

/// The room delivers a user's own messages too, before or after their receipts. Others may use the same name, so own
/// messages are recognised by id, or by text while there is no receipt yet.
class echo_filter {
  public:
    /// A message is being sent.
    void sending(std::string text) { in_flight_.push_back({std::move(text), false}); }

    /// The oldest message in flight was published, with this id.
    void acknowledged(std::string id);

    /// The oldest message in flight was not published.
    void failed() { in_flight_.pop_front(); }

    /// Whether a received message is one of these. If so, it is forgotten.
    bool is_echo(std::string_view id, std::string_view text);

  private:
    struct pending {
        std::string text;
        bool seen;
    };

    std::deque<pending> in_flight_;
    std::set<std::string, std::less<>> unseen_;
};

}  // namespace anteroom
