#include <anteroom/http/response.hpp>

#include <boost/beast/http/status.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace anteroom::http {

void add_field(std::string& fields, std::string_view name, std::string_view value) {
    fields += name;
    fields += ": ";
    fields += value;
    fields += "\r\n";
}

std::string_view reason(unsigned status) noexcept {
    namespace beast_http = boost::beast::http;
    switch (status) {
        // RFC 9110 has renamed these two since Beast's enumeration was written.
        case 413:
            return "Content Too Large";
        case 422:
            return "Unprocessable Content";
        default:
            return beast_http::obsolete_reason(beast_http::int_to_status(status));
    }
}

response problem(unsigned status, std::string_view detail) {
    response out;
    out.status = status;
    add_field(out.fields, "Content-Type", "application/problem+json");
    add_field(out.fields, "Cache-Control", "no-store");
    out.fields += not_embedded_fields;
    out.body =
        boost::json::serialize(boost::json::object{{"status", status}, {"title", reason(status)}, {"detail", detail}});
    return out;
}

response json_response(unsigned status, std::string body) {
    response out;
    out.status = status;
    out.fields = json_fields;
    out.body = std::move(body);
    return out;
}

}  // namespace anteroom::http
