#include "failing_new.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

constinit std::atomic<unsigned> every{0};
constinit std::atomic<std::uint64_t> failed{0};
constinit thread_local bool here = false;
constinit thread_local unsigned count = 0;

bool fails() noexcept {
    if (!here)
        return false;
    auto const n = every.load(std::memory_order_relaxed);
    if (n == 0 || ++count % n != 0)
        return false;
    failed.fetch_add(1, std::memory_order_relaxed);
    return true;
}

void* allocate(std::size_t size) noexcept {
    return fails() ? nullptr : std::malloc(size > 0 ? size : 1);
}

void* allocate(std::size_t size, std::align_val_t alignment) noexcept {
    auto const step = static_cast<std::size_t>(alignment);
    return fails() ? nullptr : std::aligned_alloc(step, (size + step - 1) / step * step);
}

template <class... Alignment>
void* allocate_or_throw(std::size_t size, Alignment... alignment) {
    if (void* const memory = allocate(size, alignment...))
        return memory;
    throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
    return allocate_or_throw(size);
}
void* operator new[](std::size_t size) {
    return allocate_or_throw(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocate_or_throw(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return allocate_or_throw(size, alignment);
}
void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
    return allocate(size);
}
void* operator new[](std::size_t size, std::nothrow_t const&) noexcept {
    return allocate(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::nothrow_t const&) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::nothrow_t const&) noexcept {
    std::free(memory);
}

namespace anteroom::memory {

void fail_here() noexcept {
    here = true;
}

void fail_every(unsigned n) noexcept {
    every.store(n);
}

std::uint64_t failures() noexcept {
    return failed.load();
}

}  // namespace anteroom::memory
