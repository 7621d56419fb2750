// The configuration file: a setting a line, `name = value`.
#pragma once

#include <string>
#include <vector>

namespace anteroom {

struct setting {
    int line = 0;      ///< from 1
    std::string text;  ///< the line, without its comment
    std::string name;
    std::string value;  ///< without the quotes around it
};

/// Reads the settings, whatever their names. Throws CLI::FileError if the file cannot be read, and CLI::ConfigError if
/// a line is no setting.
std::vector<setting> read_config_file(std::string const& path);

/// Throws CLI::ConfigError: the line is no setting.
[[noreturn]] void refuse_setting(std::string const& path, setting const& what);

}  // namespace anteroom
