#include "echo_filter.hpp"

namespace anteroom {

void echoes::sent(std::string id) {
    if (!under_way_.front().seen)
        unseen_.insert(std::move(id));
    under_way_.pop_front();
}

bool echoes::is_own(std::string_view id, std::string_view text) {
    if (auto const found = unseen_.find(id); found != unseen_.end()) {
        unseen_.erase(found);
        return true;
    }
    for (auto& each : under_way_) {
        if (!each.seen && each.text == text) {
            each.seen = true;
            return true;
        }
    }
    return false;
}

}  // namespace anteroom
