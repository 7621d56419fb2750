#include <anteroom/room/message.hpp>

#include <utility>

namespace anteroom {

namespace {

// The object with its reference counts, and its entry in the room's history.
constexpr std::size_t overhead = sizeof(message) + 16 + sizeof(message_ptr);

std::size_t heap_of(encoding const& made) noexcept {
    return sizeof(encoding) + made.bytes.capacity() + 1;
}

}  // namespace

message::message(cursor at, std::int64_t time, draft&& what, memory_meter& meter)
    : id_(at), time_(time), what_(std::move(what)), meter_(meter) {
    what_.data.shrink_to_fit();
    meter_.add(charge());
}

message::~message() {
    std::size_t bytes = charge();
    for (auto const& slot : wire_) {
        std::unique_ptr<encoding const> const encoded(slot.load(std::memory_order_acquire));
        if (encoded)
            bytes += heap_of(*encoded);
    }
    meter_.remove(bytes);
}

std::size_t message::charge_of(draft const& what) noexcept {
    return overhead + what.data.size() + what.from.size();
}

encoding const& message::wire(wire_form form, encoding (*encode)(message const&)) const {
    auto& slot = wire_[static_cast<std::size_t>(form)];
    if (auto const* made = slot.load(std::memory_order_acquire))
        return *made;
    auto encoded = std::make_unique<encoding const>(encode(*this));
    encoding const* winner = nullptr;
    // Two shards may encode concurrently; the first to finish wins, and the other's copy is discarded.
    if (!slot.compare_exchange_strong(winner, encoded.get(), std::memory_order_acq_rel, std::memory_order_acquire))
        return *winner;
    meter_.add(heap_of(*encoded));
    return *encoded.release();
}

}  // namespace anteroom
