// Which of the messages in a room are one's own, come back.
#pragma once

#include <deque>
#include <set>
#include <string>
#include <string_view>

namespace anteroom {

/// A person's own messages come back from the room, before or after the receipt. Somebody else may have the same name,
/// so it is the id that tells; while there is no receipt, the text does.
class echoes {
  public:
    /// A message is on its way.
    void sending(std::string text) { under_way_.push_back({std::move(text), false}); }

    /// The receipt of the oldest that is on its way.
    void sent(std::string id);

    /// The oldest that is on its way did not arrive.
    void failed() { under_way_.pop_front(); }

    /// Whether a message that was received is one of those. Asking forgets it.
    bool is_own(std::string_view id, std::string_view text);

  private:
    struct sending_now {
        std::string text;
        bool seen;
    };

    std::deque<sending_now> under_way_;
    std::set<std::string, std::less<>> unseen_;
};

}  // namespace anteroom
