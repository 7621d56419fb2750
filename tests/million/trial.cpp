#include "trial.hpp"

#include "crowd.hpp"
#include "house.hpp"
#include "memory.hpp"
#include "neighbours.hpp"
#include "publisher.hpp"

#include <fmt/format.h>

#include <malloc.h>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

namespace anteroom::million {

namespace {

constexpr std::string_view room = "crowd";
constexpr std::string_view text = "The doctor will see you now, all of you, one after the other ...";
constexpr std::size_t come_at_once = 64;  // as many as the acceptor takes in one go

class trial {
  public:
    explicit trial(std::size_t subscribers) : crowd_(house_, subscribers, room), publisher_(house_) {
        figures_.subscribers = subscribers;
    }

    figures run() {
        try {
            come();
            publish();
            leave();
        } catch (std::exception const& error) {
            auto const size = figures_.failure.size() - 1;
            *fmt::format_to_n(figures_.failure.data(), size, "{}", error.what()).out = '\0';
            house_.sessions.abort();
        }
        while (house_.connected() > 0)
            house_.turn();
        house_.close();
        return figures_;
    }

  private:
    void turn() {
        house_.turn();
        for (auto const* failure : {&crowd_.failure(), &publisher_.failure(), &neighbours_.failure()}) {
            if (!failure->empty())
                throw std::runtime_error(*failure);
        }
    }
    /// A turn for the crowd, of which so many are done, while messages pass through the small room.
    void turn_beside(std::size_t before, std::string_view what, std::size_t done) {
        if (crowd_.answered() > 0 || !publisher_.under_way())
            neighbours_.go_on();
        turn();
        // The loop is fair: so many turns mean that nobody is on his way to the rest.
        if (auto const passed = neighbours_.arrived() - before; passed > crowd_.size())
            throw std::runtime_error(fmt::format("{} {}, though {} messages have passed through the small room",
                                                 crowd_.size() - done, what, passed));
    }
    std::uint64_t server_bytes() const { return private_bytes() - crowd_.memory(); }
    double per_subscriber(std::uint64_t cpu_since) const {
        return static_cast<double>(cpu_ns() - cpu_since) / static_cast<double>(crowd_.size());
    }

    void come() {
        // What a server makes at its first message is no part of the crowd's.
        neighbours_.go_on();
        while (neighbours_.under_way())
            turn();
        figures_.before = server_bytes();
        auto const cpu = cpu_ns();
        while (house_.waiting_in(room) < crowd_.size()) {
            crowd_.come(come_at_once);
            turn();
        }
        figures_.come_ns = per_subscriber(cpu);
        figures_.waiting = server_bytes();
    }

    void publish() {
        using clock = std::chrono::steady_clock;
        crowd_.expect(text);
        neighbours_.measure_anew();
        auto const arrived = neighbours_.arrived();
        auto const cpu = cpu_ns();
        auto const begun = clock::now();
        publisher_.publish(room, text);
        while (crowd_.answered() < crowd_.size())
            turn_beside(arrived, "have not got the message", crowd_.answered());
        figures_.fan_out_ms = std::chrono::duration<double, std::milli>(clock::now() - begun).count();
        figures_.beside = neighbours_.arrived() - arrived;
        while (house_.waiting_in(room) < crowd_.size())
            turn_beside(arrived, "do not wait again", house_.waiting_in(room));
        while (neighbours_.under_way() || publisher_.under_way())
            turn();
        figures_.deliver_ns = per_subscriber(cpu);
        figures_.longest_beside_ms = neighbours_.longest().count();
        figures_.again = server_bytes();

        auto const& receipt = publisher_.receipt();
        if (receipt.find(fmt::format("\"id\":\"{}\"", crowd_.cursor())) == receipt.npos ||
            receipt.find(fmt::format("\"subscribers\":{}}}", crowd_.size())) == receipt.npos)
            throw std::runtime_error(
                fmt::format("the crowd has {}, the publisher was told {}", crowd_.cursor(), receipt));
    }

    void leave() {
        auto const beside = house_.connected() - crowd_.size();
        crowd_.hang_up();
        while (house_.connected() > beside)
            turn();
        figures_.left = server_bytes();
        if (auto const left = house_.waiting_in(room); left > 0)
            throw std::runtime_error(fmt::format("{} wait still, though all have hung up", left));
        ::malloc_trim(0);
        figures_.trimmed = server_bytes();
        neighbours_.hang_up();
        publisher_.hang_up();
    }

    figures figures_{};
    house house_;
    crowd crowd_;
    publisher publisher_;
    neighbours neighbours_{house_};
};

}  // namespace

figures run_trial(std::size_t subscribers) {
    return trial(subscribers).run();
}

}  // namespace anteroom::million
