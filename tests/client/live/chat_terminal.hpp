// Ann, who chats at a terminal in the kitchen, and what the tests of that share.
#pragma once

#include "room_client.hpp"
#include "server_process.hpp"
#include "terminal_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace anteroom::integration {

inline constexpr auto* enter = "\r";
inline constexpr auto* left = "\x1B[D";
inline constexpr auto* up = "\x1B[A";
inline constexpr auto* control_c = "\x03";
inline constexpr auto* control_d = "\x04";
inline constexpr auto* control_z = "\x1A";

/// Ann, in the kitchen, once the room is shown.
class ann : public terminal_process {
  public:
    explicit ann(server_process const& server, std::size_t columns = 80, std::size_t rows = 24)
        : terminal_process{{.executable = executable_path(),
                            .arguments = {"chat", "kitchen", "--as", "ann", "--url", url_of(server)},
                            .environment = {},
                            .descriptors = std::nullopt},
                           columns,
                           rows} {
        REQUIRE(shows("* you are ann in kitchen; /help lists the commands, Ctrl-D leaves\n"));
        await_subscribers(server.at(), "kitchen", 1);
        REQUIRE(has_line("kitchen> |"));
    }
};

/// The texts of the kitchen, once there are that many.
inline std::vector<std::string> texts(server_process const& server, std::size_t count,
                                      std::string const& room = "kitchen") {
    std::vector<std::string> out;
    room_client client{server.at(), room};
    CHECK(eventually([&] {
        out = client.poll("after=0&wait=0").texts();
        return out.size() >= count;
    }));
    return out;
}

inline void publish(server_process const& server, std::string const& text) {
    room_client(server.at(), "kitchen").publish(text);
}

inline void publish_json(server_process const& server, std::string const& data) {
    room_client kitchen{server.at(), "kitchen"};
    REQUIRE(kitchen.http().exchange(post(kitchen.target("/publish"), data, json_type)).status == 201);
}

/// Whether all threads of a process are stopped.
inline bool is_stopped(pid_t process) {
    auto const tasks = std::filesystem::directory_iterator{"/proc/" + std::to_string(process) + "/task"};
    return std::all_of(begin(tasks), end(tasks), [](auto const& task) {
        std::ifstream file{task.path() / "stat"};
        std::string text;
        std::getline(file, text);
        return text.at(text.rfind(')') + 2) == 'T';
    });
}

}  // namespace anteroom::integration
