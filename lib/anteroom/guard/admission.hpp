// Who may call the server by which name, and what a page of another site may do: docs/protocol.md, "Origins and hosts".
#pragma once

#include <anteroom/guard/hosts.hpp>
#include <anteroom/guard/origins.hpp>
#include <anteroom/http/bad_input.hpp>
#include <anteroom/http/request.hpp>
#include <anteroom/net/network.hpp>
#include <anteroom/net/stream.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom {

/// The answer to a page of another site that wanted to do something.
bad_input foreign_page(std::string_view what);

/// Any thread; a request's header is that of its shard.
class admission {
  public:
    /// The names of the operator, and the proxies whose word counts for how a client has addressed them; the origins
    /// must outlive it.
    admission(std::vector<std::string> names, std::vector<net::network> proxies, origins const& allowed);

    /// The reason to refuse a request whatever it asks for: its Host, the authority of its target, or the host that a
    /// trusted proxy says was asked for is none (400), or is a name that the server does not answer to (421). A request
    /// of HTTP/1.0 without Host passes, as does any name over what is no IP connection: no browser speaks that.
    std::optional<bad_input> refusal(net::stream const& from, http::request const& asked) const;
    /// The same for a request of which only the header is known, whose target has no authority.
    std::optional<bad_input> refusal(net::stream const& from, http::header_fields const& fields) const;

    /// Whether the request says that a page of a site made it which is neither the server's own nor listed. Then it
    /// must not change anything, and open no WebSocket.
    bool is_foreign(net::stream const& from, http::request const& asked) const;

  private:
    /// The reason to refuse one of these names; `what` is where it was written.
    std::optional<bad_input> refusal_of(net::stream const& from, std::string_view authority,
                                        std::string_view what) const;
    std::optional<bad_input> refusal_of_forwarded(net::stream const& from, http::header_fields const& fields) const;
    bool trusts(net::stream const& from) const;

    hosts names_;
    std::vector<net::network> proxies_;
    origins const& allowed_;
};

}  // namespace anteroom
