// What the application keeps on a connection from one request to the next.
#pragma once

#include <memory>
#include <typeinfo>

namespace anteroom::http {

/// Base of such things. On the thread of the connection's shard; it is destroyed with the connection.
class connection_cache {
  public:
    connection_cache() = default;
    connection_cache(connection_cache const&) = delete;
    connection_cache& operator=(connection_cache const&) = delete;
    virtual ~connection_cache() = default;
};

/// What is kept, if it is a T and nothing derived from it; what is not one is destroyed.
template <class T>
std::unique_ptr<T> cast_cache(std::unique_ptr<connection_cache> kept) noexcept {
    auto* const held = kept.get();
    if (held == nullptr || typeid(*held) != typeid(T))
        return nullptr;
    return std::unique_ptr<T>(static_cast<T*>(kept.release()));
}

}  // namespace anteroom::http
