// Memory for the operations of one object, inside that object.
#pragma once

#include <cstddef>
#include <new>

namespace anteroom {

/// A place for one asynchronous operation at a time: an object that always has one under way (a connection its receive,
/// a session its wait) holds the memory for it, and the heap is left alone. A second operation, or a larger one, gets
/// its memory from the heap. Must outlive the operations. One thread.
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

    void release(void* memory) noexcept {
        if (memory == place_)
            taken_ = false;
        else
            ::operator delete(memory);
    }

  private:
    // What operations are made of is pointers; they are not aligned to more.
    alignas(void*) std::byte place_[Size];
    bool taken_ = false;
};

/// The allocator that hands it out, to be bound to a completion handler (asio::bind_allocator).
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

    T* allocate(std::size_t count) {
        static_assert(alignof(T) <= alignof(void*));
        return static_cast<T*>(memory_->allocate(sizeof(T) * count));
    }
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
