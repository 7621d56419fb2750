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
    std::string_view coding;  // the content coding that it is in; empty: none
    std::string etag;         // quoted
    std::shared_ptr<void const> owner;
};

/// The content codings that a client accepts.
struct asset_codings {
    bool brotli = false;
    bool gzip = false;
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
    /// The client for pages, `anteroom.js`, is found embedded where the folder has none.
    /// An embedded file is found in one of the codings, as `PATH.br` or `PATH.gz`, if it is there.
    std::optional<asset> find(std::string_view path, asset_codings accepted = {}) const;

    /// An HTML file, for an address that is so many folders below that of the server: addresses in it that begin with
    /// `./` (directly behind a quotation mark) are relative to the server's. Of `index.html` one folder below,
    /// `room.html` is the same if it is there.
    std::optional<asset> find_html(std::string_view path, std::size_t below, asset_codings accepted = {}) const;

  private:
    embedded_file const* embedded(std::string_view path) const noexcept;

    std::span<embedded_file const> embedded_;
    std::optional<std::string> folder_;
};

}  // namespace anteroom
