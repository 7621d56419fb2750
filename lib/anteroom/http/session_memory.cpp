// What a session holds while it waits, and how it makes way for others: see held_memory.
#include <anteroom/http/session.hpp>
#include <anteroom/http/session_parts.hpp>

#include <exception>

namespace anteroom::http {

void session::hold_much(std::size_t bytes) {
    if (!held_)
        held_ = std::make_unique<holding>(*this);
    held_->by_handler = bytes;
}

// Before a wait: counts what is held during it.
void session::keep_account() {
    auto const all = memory() + (incoming_ ? incoming_->memory() : 0) + (kept_ ? kept_->memory() : 0) +
                     (held_ ? held_->by_handler : 0);
    // Output that is not read has its place in the line however little it is: it refers to messages.
    bool const counts = all > held_memory::free_of_charge || has_unsent();
    if (!held_ && !counts)
        return;
    if (!held_)
        held_ = std::make_unique<holding>(*this);
    owner().held().set(*held_, counts ? all : 0);
}

void session::release_holding() noexcept {
    owner().held().release(*held_);
    held_.reset();
}

// Of a request that is incomplete.
void session::refuse_slow() {
    more_fields_.reset();
    allow_reading(incoming_ ? *incoming_->get().fields : fields_of_refused(input()));
    add_fields("Retry-After: 1\r\n");
    note_refused();
    drop_kept();
    send_refusal(problem(503, "the server has no memory for requests that come slowly; send it again, at once"));
    stream().cancel();
}

// Others need the memory more than this session, which has held it for the longest time.
void session::make_way() noexcept try {
    switch (phase_) {
        case phase::idle:
            kept_.reset();
            break;
        case phase::reading:
            refuse_slow();
            break;
        case phase::waiting:
            stop(stop_reason::cancelled);
            break;
        default:
            drop_kept();
            close();
    }
} catch (std::exception const&) {
    close();
}

}  // namespace anteroom::http
