#include "handlers/memory_failure.hpp"

#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

constinit thread_local std::size_t fails_from = SIZE_MAX;
constinit thread_local int passes = 0;
constinit thread_local int failed = 0;

void* allocate(std::size_t size) noexcept {
    if (size >= fails_from && passes-- <= 0) {
        ++failed;
        return nullptr;
    }
    return std::malloc(size > 0 ? size : 1);
}

}  // namespace

// Those with an alignment stay as they are.
void* operator new(std::size_t size) {
    if (void* const memory = allocate(size))
        return memory;
    throw std::bad_alloc();
}
void* operator new[](std::size_t size) {
    return ::operator new(size);
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
void operator delete(void* memory, std::nothrow_t const&) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::nothrow_t const&) noexcept {
    std::free(memory);
}

namespace anteroom::unit {

memory_failure::memory_failure(std::size_t from, int but_first) noexcept {
    fails_from = from;
    passes = but_first;
    failed = 0;
}

memory_failure::~memory_failure() {
    fails_from = SIZE_MAX;
}

int memory_failure::count() const noexcept {
    return failed;
}

}  // namespace anteroom::unit
