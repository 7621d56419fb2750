#include <anteroom/bench/sequence.hpp>

namespace anteroom::bench {

sequence::verdict sequence::take_unexpected(std::uint64_t number) {
    if (number < due_) {
        return missing_.erase(number) != 0 ? verdict::late : verdict::repeated;
    }
    for (; due_ < number; ++due_) {
        missing_.insert(missing_.end(), due_);
    }
    ++due_;
    return verdict::hole;
}

}  // namespace anteroom::bench
