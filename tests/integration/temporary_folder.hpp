// A temporary folder of a test, deleted with its contents when the test ends.
#pragma once

#include "harness_error.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace anteroom::integration {

class temporary_folder {
  public:
    temporary_folder() {
        auto pattern = (std::filesystem::temp_directory_path() / "anteroom-test-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw harness_error{"mkdtemp: " + pattern};
        }
        folder_ = pattern;
    }
    temporary_folder(temporary_folder const&) = delete;
    temporary_folder& operator=(temporary_folder const&) = delete;
    ~temporary_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    [[nodiscard]] std::string path(std::string_view name) const { return (folder_ / name).string(); }

    /// Writes a file in the folder, creating its parent folders, and returns its path.
    std::string write(std::string_view name, std::string_view text) const {
        auto const file = folder_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file, std::ios::binary} << text;
        return file.string();
    }

  private:
    std::filesystem::path folder_;
};

}  // namespace anteroom::integration
