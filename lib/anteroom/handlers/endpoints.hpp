// The endpoints: one function each, in the file of its name. All of them may run on any shard at once.
#pragma once

#include <anteroom/handlers/context.hpp>

namespace anteroom {

// Those that answer before they return.

void get_page(call const& by);
/// The page, whatever was asked for.
void send_page(call const& by);
void get_asset(call const& by);
void get_room(call const& by);
void delete_room(call const& by);
void get_presence(call const& by);
void get_rooms(call const& by);
void get_messages(call const& by);
void get_metrics(call const& by);
void get_healthz(call const& by);
void get_readyz(call const& by);

// Those that may wait: what they return is empty (not valid()) if they have answered already, and completes when they
// have otherwise. They own the call for as long as they run.

awaitable<> get_subscribe(call by);
awaitable<> post_publish(call by);

}  // namespace anteroom
