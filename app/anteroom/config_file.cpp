#include "config_file.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <fstream>
#include <utility>

namespace anteroom {

std::vector<setting> read_config_file(std::string const& path) {
    std::ifstream file(path);
    if (auto const wrong = CLI::ExistingFile(path); !wrong.empty() || !file)
        throw CLI::FileError(fmt::format("--config: {} cannot be read", path));
    std::vector<setting> out;
    std::string text;
    for (int number = 1; std::getline(file, text); ++number) {
        setting read;
        read.line = number;
        read.text = CLI::detail::trim_copy(text.substr(0, text.find('#')));
        if (read.text.empty())
            continue;
        auto const equals = read.text.find('=');
        read.name = CLI::detail::trim_copy(read.text.substr(0, equals));
        if (equals == read.text.npos || read.name.empty())
            refuse_setting(path, read);
        read.value = CLI::detail::trim_copy(read.text.substr(equals + 1));
        if (read.value.size() >= 2 && read.value.front() == '"' && read.value.back() == '"')
            read.value = read.value.substr(1, read.value.size() - 2);
        out.push_back(std::move(read));
    }
    return out;
}

void refuse_setting(std::string const& path, setting const& what) {
    throw CLI::ConfigError(
        fmt::format("{}, line {}: '{}' is not a setting; write name = value", path, what.line, what.text));
}

}  // namespace anteroom
