#include <anteroom/handlers/assets.hpp>
#include <anteroom/net/descriptor.hpp>

#include <fmt/format.h>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace anteroom {

namespace {

// A page has no larger ones; what is served is in memory as a whole.
constexpr off_t max_file = off_t{64} * 1024 * 1024;

std::optional<std::string_view> media_type_of(std::string_view path) noexcept {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> known = {{
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".d.ts", "application/typescript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".webmanifest", "application/manifest+json"},
        {".ico", "image/x-icon"},
    }};
    for (auto const& [ending, type] : known) {
        if (path.ends_with(ending))
            return type;
    }
    return std::nullopt;
}

// Every server has it, whatever page it serves.
constexpr std::string_view client_module = "anteroom.js";

constexpr std::string_view relative_address = "\"./";

// The text with `up` folders further up in each address that is relative to the server's.
std::string moved_down(std::string_view html, std::size_t up) {
    std::string out;
    out.reserve(html.size() + 256);
    for (auto at = html.find(relative_address); at != html.npos; at = html.find(relative_address)) {
        out += html.substr(0, at + 1);
        for (std::size_t i = 0; i < up; ++i)
            out += "../";
        html.remove_prefix(at + relative_address.size());
    }
    out += html;
    return out;
}

// FNV-1a: an entity tag has to distinguish versions, not to resist attacks.
std::string etag_of(std::string_view content) {
    std::uint64_t hash = 14695981039346656037U;
    for (char const c : content)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return fmt::format("\"{:016x}\"", hash);
}

bool is_plain_name(std::string_view name) noexcept {
    return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
               c == '_';
    });
}

bool is_plain_path(std::string_view path) noexcept {
    for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/')) {
        if (!is_plain_name(path.substr(0, slash)))
            return false;
        path.remove_prefix(slash + 1);
    }
    return is_plain_name(path);
}

/// The content of a regular file in a folder; nothing for any other kind of file, one that cannot be read, or one that
/// a link outside of the folder leads to. Does not block, whatever the file is or becomes meanwhile.
std::optional<std::string> read_file(std::string const& folder, std::string_view path) {
    net::descriptor const in(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    open_how how{};
    how.flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH;
    std::string const name(path);
    // glibc has no function for it.
    net::descriptor const file(static_cast<int>(::syscall(SYS_openat2, in.get(), name.c_str(), &how, sizeof how)));
    struct stat status{};
    if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > max_file)
        return std::nullopt;
    std::string content(static_cast<std::size_t>(status.st_size), '\0');
    std::size_t size = 0;
    while (size < content.size()) {
        auto const got = ::read(file.get(), content.data() + size, content.size() - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return std::nullopt;
        if (got == 0)  // it has become shorter
            break;
        size += static_cast<std::size_t>(got);
    }
    content.resize(size);
    return content;
}

}  // namespace

std::string assets::why_unusable(std::string const& folder) {
    net::descriptor const in(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!in)
        return std::generic_category().message(errno);
    if (::faccessat(in.get(), ".", R_OK | X_OK, AT_EACCESS) != 0)
        return std::generic_category().message(errno);
    if (struct stat status{}; ::fstatat(in.get(), "index.html", &status, 0) == 0 && !read_file(folder, "index.html"))
        return "its index.html is not a file in it that can be read";
    return {};
}

assets::assets(std::span<embedded_file const> embedded, std::optional<std::string> folder)
    : embedded_(embedded), folder_(std::move(folder)) {}

embedded_file const* assets::embedded(std::string_view path) const noexcept {
    auto const found =
        std::find_if(embedded_.begin(), embedded_.end(), [&](auto const& each) { return each.path == path; });
    return found == embedded_.end() ? nullptr : &*found;
}

std::optional<asset> assets::find(std::string_view path, asset_codings accepted) const {
    auto const type = media_type_of(path);
    if (!type || !is_plain_path(path))
        return std::nullopt;
    asset out;
    out.media_type = *type;
    if (folder_) {
        if (auto content = read_file(*folder_, path)) {
            auto kept = std::make_shared<std::string const>(std::move(*content));
            out.content = *kept;
            out.owner = std::move(kept);
        } else if (auto const* const built_in = path == client_module ? embedded(path) : nullptr) {
            out.content = built_in->content;
        } else {
            return std::nullopt;
        }
    } else {
        auto const* const brotli = accepted.brotli ? embedded(fmt::format("{}.br", path)) : nullptr;
        auto const* const gzip = accepted.gzip && brotli == nullptr ? embedded(fmt::format("{}.gz", path)) : nullptr;
        auto const* const smallest = brotli != nullptr ? brotli : gzip != nullptr ? gzip : embedded(path);
        if (smallest == nullptr)
            return std::nullopt;
        out.coding = brotli != nullptr ? "br" : gzip != nullptr ? "gzip" : "";
        out.content = smallest->content;
    }
    out.etag = etag_of(out.content);
    return out;
}

std::optional<asset> assets::find_html(std::string_view path, std::size_t below, asset_codings accepted) const {
    if (below == 0)
        return find(path, accepted);
    if (below == 1 && path == "index.html" && !folder_) {
        if (auto made = find("room.html", accepted))
            return made;
    }
    auto out = find(path);
    if (!out)
        return out;
    auto moved = std::make_shared<std::string const>(moved_down(out->content, below));
    out->content = *moved;
    out->etag = etag_of(*moved);
    out->owner = std::move(moved);
    return out;
}

}  // namespace anteroom
