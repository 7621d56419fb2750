// The files of the page: built into the executable, or read from a folder.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace anteroom {

/// A file as it is served. `content` is good while `owner` lives, or for ever without one.
struct asset {
    std::string_view content;
    std::string_view media_type;
    std::string etag;  // quoted
    std::shared_ptr<void const> owner;
};

/// A file that was built in.
struct embedded_file {
    std::string_view name;
    std::string_view content;
};

/// All files that were built in; defined by the build.
std::span<embedded_file const> embedded_files() noexcept;

/// Any thread.
class assets {
  public:
    /// The built-in files, or with a folder the files in it, as they are at each request.
    explicit assets(std::optional<std::string> folder = std::nullopt);

    /// The file of that name; nothing if there is none, or if the name is not one of a file right in the folder.
    std::optional<asset> find(std::string_view name) const;

  private:
    std::optional<std::string> folder_;
};

}  // namespace anteroom
