// Memory for the asynchronous operations of an object, embedded in that object.
#pragma once

#include <cstddef>
#include <new>

namespace anteroom {

/// Memory for one asynchronous operation at a time. An object that always has one in progress (a connection its
/// receive, a session its wait) embeds the memory for it, which avoids the heap. A second concurrent operation, or a
/// larger one, is allocated on the heap. Must outlive the operations. Single-threaded.
template <std::size_t Size>
class handler_memory {
  public:
    handler_memory() = default;
    handler_memory(handler_memory const&) = delete;
    handler_memory& operator=(handler_memory const&) = delete;

    void* allocate(std::size_t size) {
        if (taken_ || size > Size)
            return ::operator new(size);
        taken_ = true;
        return place_;
    }

    /// Whether an operation has it.
    bool in_use() const noexcept { return taken_; }

    void release(void* memory) noexcept {
        if (memory == place_)
            taken_ = false;
        else
            ::operator delete(memory);
    }

  private:
    alignas(std::max_align_t) std::byte place_[Size];
    bool taken_ = false;
};

/// The allocator that uses this memory, to be bound to a completion handler (asio::bind_allocator).
template <class T, std::size_t Size>
class handler_allocator {
  public:
    using value_type = T;
    template <class U>
    struct rebind {
        using other = handler_allocator<U, Size>;
    };

    explicit handler_allocator(handler_memory<Size>& from) noexcept : memory_(&from) {}
    template <class U>
    handler_allocator(handler_allocator<U, Size> const& other) noexcept : memory_(other.memory()) {}

    T* allocate(std::size_t count) { return static_cast<T*>(memory_->allocate(sizeof(T) * count)); }
    void deallocate(T* memory, std::size_t) noexcept { memory_->release(memory); }

    handler_memory<Size>* memory() const noexcept { return memory_; }
    template <class U>
    bool operator==(handler_allocator<U, Size> const& other) const noexcept {
        return memory_ == other.memory();
    }

  private:
    handler_memory<Size>* memory_;
};

}  // namespace anteroom
