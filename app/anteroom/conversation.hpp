// What a room delivers, as lines for a terminal, and who is present in it.
#pragma once

#include <anteroom/client/message.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom {

/// Nothing that it returns contains what a terminal would obey, nor ends with a newline. Empty: nothing is to be shown.
class conversation {
  public:
    explicit conversation(std::string me) : me_(std::move(me)) {}

    std::string const& me() const noexcept { return me_; }
    /// One's own name from now on. The joins and leaves of the change are not shown.
    void rename(std::string me, std::chrono::system_clock::time_point now);

    /// A message with the time of day, and the date unless it is of the day of `now`; or what it does, in a line.
    std::string show(client::message const& of, std::chrono::system_clock::time_point now);

    /// The same, for a message that was published before one came: it changes nothing of who is present.
    std::string show_old(client::message const& of, std::chrono::system_clock::time_point now);

    /// A message that is not shown, but may be reacted to: one's own.
    void remember(client::message const& of);

    /// A join or leave, of the room `{room}:presence`.
    std::string show_presence(client::message const& of, std::chrono::system_clock::time_point now);

    /// Who is present, by the answer of `/room/{room}/presence`; false if it is none.
    bool reset_present(std::string_view json);
    /// Others, by name.
    std::vector<std::string> others() const;
    /// Those of them whose names a terminal shows as they are, so that they can be part of a line that is typed.
    std::vector<std::string> typable() const;
    /// Everybody, or everybody else, in a line.
    std::string who() const;
    std::string who_else() const;

  private:
    struct said {
        std::string id;
        std::string line;
    };

    using time_point = std::chrono::system_clock::time_point;

    void expect_rename(std::string const& was, std::string const& as, time_point now);
    bool take_expected(std::string const& what, time_point now);
    std::string describe(std::string const& id) const;

    std::string me_;
    std::set<std::string> present_;
    std::int64_t nameless_ = 0;
    std::map<std::string, time_point> expected_;  // joins and leaves of those who have a new name, and until when
    std::deque<said> recent_;
};

}  // namespace anteroom
