#include <anteroom/handlers/exclusive_clients.hpp>

#include <boost/asio/post.hpp>

#include <utility>

namespace anteroom {

seat_ptr::~seat_ptr() {
    if (!of_)
        return;
    of_->sitter = nullptr;
    of_->all->leave(of_);
}

seat_ptr exclusive_clients::take(std::span<std::string_view const> rooms, std::string_view client,
                                 http::session& sitter) {
    auto made = std::make_shared<seat>();
    made->shard = &sitter.shard();
    made->sitter = &sitter;
    made->all = this;
    for (auto const& room : rooms)
        made->names.push_back(std::string(room).append("/").append(client));  // no room has a '/' in its name
    std::vector<std::shared_ptr<seat>> older;
    {
        std::lock_guard const lock(mutex_);
        for (auto const& name : made->names) {
            auto& place = taken_[name];
            if (auto const before = std::exchange(place, made); before && before != made)
                older.push_back(before);
        }
    }
    for (auto const& each : older) {
        asio::post(each->shard->io(), [each] {
            each->taken = true;
            if (each->sitter != nullptr)
                each->sitter->cancel();
        });
    }
    return seat_ptr(std::move(made));
}

void exclusive_clients::leave(std::shared_ptr<seat> const& who) noexcept {
    std::lock_guard const lock(mutex_);
    for (auto const& name : who->names) {
        if (auto const found = taken_.find(name); found != taken_.end() && found->second == who)
            taken_.erase(found);
    }
}

}  // namespace anteroom
