#include <anteroom/handlers/exclusive_clients.hpp>

#include <boost/asio/post.hpp>

#include <utility>

namespace anteroom {

exclusive_client_ptr::~exclusive_client_ptr() {
    if (!of_)
        return;
    of_->session = nullptr;
    of_->all->leave(of_);
}

exclusive_client_ptr exclusive_clients::take(std::span<std::string_view const> rooms, std::string_view client,
                                             http::session& session) {
    auto const made = std::make_shared<exclusive_client>();
    made->shard = &session.shard();
    made->session = &session;
    made->all = this;
    for (auto const& room : rooms)
        made->names.push_back(std::string(room).append("/").append(client));  // no room has a '/' in its name
    exclusive_client_ptr registered(made);  // releases the registration if anything below fails
    std::vector<std::shared_ptr<exclusive_client>> older;
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
            each->superseded = true;
            if (each->session != nullptr)
                each->session->cancel();
        });
    }
    return registered;
}

void exclusive_clients::leave(std::shared_ptr<exclusive_client> const& who) noexcept {
    std::lock_guard const lock(mutex_);
    for (auto const& name : who->names) {
        if (auto const found = taken_.find(name); found != taken_.end() && found->second == who)
            taken_.erase(found);
    }
}

}  // namespace anteroom
