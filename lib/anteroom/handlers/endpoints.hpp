// The endpoints: one function each, in the file named after the path. All of them may run on any shard concurrently.
#pragma once

#include <anteroom/handlers/context.hpp>
#include <anteroom/http/bad_input.hpp>

#include <optional>

namespace anteroom {

// Endpoints that answer before they return.

void get_page(call const& by);
/// The page, for any path.
void send_page(call const& by);
void get_asset(call const& by);
/// A page for people who come to an address with nothing, if they prefer one to JSON; returns whether it was sent.
bool send_nothing_here(call const& by);
void get_room(call const& by);
void delete_room(call const& by);
void get_messages(call const& by);
void get_metrics(call const& by);
void get_healthz(call const& by);
void get_readyz(call const& by);

// Endpoints that may wait: the returned awaitable is empty (not valid()) if they have answered already; otherwise it
// completes once they have. They own the call while they run.

awaitable<> get_presence(call by);
awaitable<> get_rooms(call by);
awaitable<> get_subscribe(call by);
awaitable<> post_publish(call by);

/// Why a publish is refused by its head alone, whatever its body; nullopt if it is not.
std::optional<bad_input> refused_publish(call const& by);

}  // namespace anteroom
