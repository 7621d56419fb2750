// The files of the page: embedded in the executable, or read from a folder.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace anteroom {

/// A file to be served. `content` is valid while `owner` lives or, without an owner, as long as the embedded files.
struct asset {
    std::string_view content;
    std::string_view media_type;
    std::string etag;  // quoted
    std::shared_ptr<void const> owner;
};

/// A file that is embedded in the program.
struct embedded_file {
    std::string_view path;  // relative, with `/` between its parts
    std::string_view content;
};

/// Any thread.
class assets {
  public:
    /// Serves the embedded files or, if a folder is given, the files in it as they are at each request. What `embedded`
    /// refers to must outlive this object and the assets that are found.
    explicit assets(std::span<embedded_file const> embedded, std::optional<std::string> folder = std::nullopt);

    /// Why a folder cannot be served; empty if it can. One without an `index.html` can: it may come later.
    static std::string why_unusable(std::string const& folder);

    /// The file at a path such as `styles/style.css`; nothing if there is none, or if the path is not plain: parts of
    /// letters, digits, `.`, `-` and `_` that do not begin with a dot, with one `/` between them. In a folder only
    /// regular files of up to 64 MiB are served; symbolic links are followed as long as they do not lead out of it.
    std::optional<asset> find(std::string_view path) const;

  private:
    std::span<embedded_file const> embedded_;
    std::optional<std::string> folder_;
};

}  // namespace anteroom
