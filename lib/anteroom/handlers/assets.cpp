#include <anteroom/handlers/assets.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace anteroom {

namespace {

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

}  // namespace

assets::assets(std::span<embedded_file const> embedded, std::optional<std::string> folder)
    : embedded_(embedded), folder_(std::move(folder)) {}

std::optional<asset> assets::find(std::string_view path) const {
    auto const type = media_type_of(path);
    if (!type || !is_plain_path(path))
        return std::nullopt;
    asset out;
    out.media_type = *type;
    if (folder_) {
        auto const name = fmt::format("{}/{}", *folder_, path);
        std::error_code failed;
        std::ifstream file;
        if (std::filesystem::is_regular_file(name, failed))
            file.open(name, std::ios::binary);
        if (!file.is_open())
            return std::nullopt;
        auto content =
            std::make_shared<std::string const>(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
        out.content = *content;
        out.owner = std::move(content);
    } else {
        auto const found =
            std::find_if(embedded_.begin(), embedded_.end(), [&](auto const& each) { return each.path == path; });
        if (found == embedded_.end())
            return std::nullopt;
        out.content = found->content;
    }
    out.etag = etag_of(out.content);
    return out;
}

}  // namespace anteroom
