// GET /, GET /room/{room} and GET /assets/{path...}: the page and its assets; and a page for addresses with nothing.
#include <anteroom/base/text.hpp>
#include <anteroom/handlers/common.hpp>
#include <anteroom/handlers/endpoints.hpp>
#include <anteroom/http/accept.hpp>

#include <fmt/format.h>

#include <array>

namespace anteroom {

namespace {

constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors ";

// Files whose names change with their content.
constexpr std::string_view packed_folder = "packed/";
constexpr std::string_view service_worker = "service-worker.js";

// Quality values but 0 are not weighed against each other: br is smallest.
asset_codings accepted_codings(http::request const& asked) {
    asset_codings out;
    for_each_element(asked.get(http::header::accept_encoding).value_or(""), [&](std::string_view element) {
        auto const semicolon = element.find(';');
        auto const name = trim(element.substr(0, semicolon));
        auto const weight = semicolon == element.npos ? "" : element.substr(semicolon + 1);
        auto const equals = weight.find('=');
        bool const refused = equals != weight.npos && weight.find_first_not_of("0. \t", equals + 1) == weight.npos;
        if (refused)
            return;
        out.brotli = out.brotli || iequals(name, "br");
        out.gzip = out.gzip || iequals(name, "gzip");
    });
    return out;
}

bool is_current(http::request const& asked, std::string_view etag) {
    bool found = false;
    for_each_element(asked.get(http::header::if_none_match).value_or(""), [&](std::string_view candidate) {
        // If-None-Match uses weak comparison (RFC 9110, 13.1.2): a proxy that compresses marks the tag as weak.
        if (candidate.starts_with("W/"))
            candidate.remove_prefix(2);
        found = found || candidate == "*" || candidate == etag;
    });
    return found;
}

// How many folders below the server's the address is.
std::size_t depth_of(call const& by) {
    auto const segments = by.target().segments().size();
    return segments == 0 ? 0 : segments - 1;
}

struct asset_fields {
    std::string_view cache_control;
    std::string_view vary;
    std::string_view more;  // whole fields
};

// Cached, but revalidated each time: a new version of the server serves its new page immediately.
constexpr std::string_view revalidated = "no-cache";
constexpr std::string_view forever = "public, max-age=31536000, immutable";

void send_file(call const& by, asset const& file, unsigned status, asset_fields const& fields) {
    http::response answer;
    answer.status = status == 200 && is_current(*by.request, file.etag) ? 304 : status;
    http::add_field(answer.fields, "ETag", file.etag);
    http::add_field(answer.fields, "Cache-Control", fields.cache_control);
    http::add_field(answer.fields, "Vary", fields.vary);
    if (answer.status != 304) {
        if (!file.coding.empty())
            http::add_field(answer.fields, "Content-Encoding", file.coding);
        answer.fields += fields.more;
        http::add_field(answer.fields, "Content-Type", file.media_type);
        http::add_field(answer.fields, "Content-Security-Policy",
                        fmt::format("{}{}", content_security_policy, by.app.options.frame_ancestors));
        http::add_field(answer.fields, "X-Content-Type-Options", "nosniff");
        http::add_field(answer.fields, "Referrer-Policy", "no-referrer");
        // Embedded files live as long as the program; the pointer only indicates that nothing has to be copied.
        answer.owner =
            file.owner ? file.owner : std::shared_ptr<void const>(std::shared_ptr<void const>(), file.content.data());
        answer.shared_body = file.content;
    }
    by.client.send(answer);
}

}  // namespace

void send_page(call const& by) {
    if (auto const file = by.app.page.find_html("index.html", depth_of(by), accepted_codings(*by.request)))
        send_file(by, *file, 200, {revalidated, "Accept, Accept-Encoding", {}});
    else
        by.client.send(http::problem(404, "the folder given with --web has no index.html"));
}

void get_page(call const& by) {
    static constexpr std::array<std::string_view, 1> forms = {"text/html"};
    if (http::negotiate(by.request->get(http::header::accept), forms))
        send_page(by);
    else
        send(by.client, bad_input{406, "this is a page; accept text/html"});
}

void get_asset(call const& by) {
    std::string_view const path = *by.segment;
    auto const file = by.app.page.find(path, accepted_codings(*by.request));
    if (!file)
        return by.client.send(http::problem(404, "the page has no such file"));
    // The page is above the folder of its assets, and so is what the service worker is for.
    send_file(by, *file, 200,
              {path.starts_with(packed_folder) ? forever : revalidated, "Accept-Encoding",
               path == service_worker ? "Service-Worker-Allowed: ../\r\n" : ""});
}

bool send_nothing_here(call const& by) {
    static constexpr std::array<std::string_view, 2> forms = {"application/problem+json", "text/html"};
    if (http::negotiate(by.request->get(http::header::accept), forms) != 1)
        return false;
    auto const file = by.app.page.find_html("nothing-here.html", depth_of(by));
    if (!file)
        return false;
    send_file(by, *file, 404, {revalidated, "Accept", {}});
    return true;
}

}  // namespace anteroom
