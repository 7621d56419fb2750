// GET /, GET /room/{room} and GET /assets/{path...}: the page and its assets.
#include <anteroom/base/text.hpp>
#include <anteroom/handlers/common.hpp>
#include <anteroom/handlers/endpoints.hpp>
#include <anteroom/http/accept.hpp>

#include <array>

namespace anteroom {

namespace {

constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";

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

void send_asset(call const& by, asset const& file, bool varies) {
    http::response answer;
    answer.status = is_current(*by.request, file.etag) ? 304 : 200;
    http::add_field(answer.fields, "ETag", file.etag);
    // Cached, but revalidated each time: a new version of the server serves its new page immediately.
    http::add_field(answer.fields, "Cache-Control", "no-cache");
    if (varies)
        http::add_field(answer.fields, "Vary", "Accept");
    if (answer.status == 200) {
        http::add_field(answer.fields, "Content-Type", file.media_type);
        http::add_field(answer.fields, "Content-Security-Policy", content_security_policy);
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
    if (auto const file = by.app.page.find("index.html"))
        send_asset(by, *file, true);
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
    if (auto const file = by.app.page.find(*by.segment))
        send_asset(by, *file, false);
    else
        by.client.send(http::problem(404, "the page has no such file"));
}

}  // namespace anteroom
