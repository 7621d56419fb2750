#include <anteroom/room/message.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace anteroom {

namespace {

// The object with its reference counts, and its entry in the room's history.
constexpr std::size_t overhead = sizeof(message) + 24 + sizeof(message_ptr);

std::size_t heap_of(kept_encoding const& made) noexcept {
    return sizeof made + made.bytes.size();
}

struct delete_encoding {
    void operator()(kept_encoding const* made) const noexcept { ::operator delete(const_cast<kept_encoding*>(made)); }
};
using kept_encoding_ptr = std::unique_ptr<kept_encoding const, delete_encoding>;

kept_encoding_ptr keep(encoding const& made) {
    auto* const block = static_cast<char*>(::operator new(sizeof(kept_encoding) + made.bytes.size()));
    char* const bytes = block + sizeof(kept_encoding);
    std::copy(made.bytes.begin(), made.bytes.end(), bytes);
    return kept_encoding_ptr(::new (static_cast<void*>(block)) kept_encoding{{bytes, made.bytes.size()}, made.marks});
}

}  // namespace

/// Allocates what std::allocate_shared() asks for, and the place for the text behind it.
template <class T>
class message::allocator {
  public:
    using value_type = T;

    /// `text` is used while it allocates.
    explicit allocator(text_place& text) noexcept : text_(&text) {}
    template <class U>
    allocator(allocator<U> const& other) noexcept : text_(other.text()) {}

    T* allocate(std::size_t count) {
        auto const size = count * sizeof(T);
        auto* const block = static_cast<char*>(::operator new(size + text_->size));
        text_->begin = block + size;
        return reinterpret_cast<T*>(block);
    }
    void deallocate(T* block, std::size_t) noexcept { ::operator delete(block); }

    text_place* text() const noexcept { return text_; }
    template <class U>
    bool operator==(allocator<U> const&) const noexcept {
        return true;
    }

  private:
    text_place* text_;
};

static_assert(sizeof(message) == 10 * sizeof(void*));

new_message_ptr message::make(draft const& what, memory_meter& meter) {
    text_place text{what.data.size() + what.from.size()};
    return std::allocate_shared<message>(allocator<message>(text), what, meter, std::as_const(text));
}

message::message(draft const& what, memory_meter& meter, text_place const& text)
    : text_(text.begin),
      data_size_(what.data.size()),
      from_size_(what.from.size()),
      kind_(static_cast<std::uint64_t>(what.kind)),
      meter_(meter) {
    auto* const behind = std::copy(what.data.begin(), what.data.end(), text.begin);
    std::copy(what.from.begin(), what.from.end(), behind);
    meter_.add(charge());
}

message::~message() {
    std::size_t bytes = charge();
    for (auto const& slot : wire_) {
        kept_encoding_ptr const encoded(slot.load(std::memory_order_acquire));
        if (encoded)
            bytes += heap_of(*encoded);
    }
    meter_.remove(bytes);
}

std::size_t message::charge_of_text(std::size_t size) noexcept {
    return overhead + size;
}

kept_encoding const& message::wire(wire_form form, encoding (*encode)(message const&)) const {
    auto& slot = wire_[static_cast<std::size_t>(form)];
    if (auto const* made = slot.load(std::memory_order_acquire))
        return *made;
    auto encoded = keep(encode(*this));
    kept_encoding const* winner = nullptr;
    // Two shards may encode concurrently; the first to finish wins, and the other's copy is discarded.
    if (!slot.compare_exchange_strong(winner, encoded.get(), std::memory_order_acq_rel, std::memory_order_acquire))
        return *winner;
    meter_.add(heap_of(*encoded));
    return *encoded.release();
}

}  // namespace anteroom
