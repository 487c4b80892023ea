// The section about trunks: who may call in, where calls go out, what numbers look like there.
#include "base/limits.hpp"
#include "settings/reader.hpp"
#include "sip/uri.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace holdfast::settings {
namespace {

std::optional<engine::PeerRange> parse_range(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    const unsigned most = address->family == IpAddress::Family::v4 ? 32 : 128;
    engine::PeerRange range{*address, static_cast<std::uint8_t>(most)};
    if (slash == text.npos) return range;
    const auto bits = text.substr(slash + 1);
    unsigned value = 0;
    const auto [end, code] = std::from_chars(bits.data(), bits.data() + bits.size(), value);
    if (code != std::errc{} || end != bits.data() + bits.size() || value > most)
        return std::nullopt;
    range.prefix_bits = static_cast<std::uint8_t>(value);
    return range;
}

void read_peers(Section& s, engine::TrunkSettings& t) {
    for (const auto& text : s.texts("peers")) {
        if (const auto range = parse_range(text))
            t.peers.push_back(*range);
        else
            s.fault(
                "peers",
                fmt::format(
                    "peers: \"{}\" is no address; write \"198.51.100.7\" or \"198.51.100.0/24\"",
                    text));
    }
}

void read_server(Section& s, engine::TrunkSettings& t) {
    t.server_uri = s.text("server");
    if (t.server_uri.empty()) return;
    if (!t.server_uri.starts_with("sip:") && !t.server_uri.starts_with("sips:"))
        t.server_uri.insert(0, "sip:");
    const auto uri = sip::parse_uri(t.server_uri);
    if (!uri || uri->host.empty() || uri->scheme == sip::Uri::Scheme::other)
        s.fault("server",
                fmt::format("server = \"{}\" is no SIP address; write \"sip.example.net\" or "
                            "\"sip:192.0.2.5:5060;transport=tcp\"",
                            t.server_uri));
}

void read_credentials(Section& s, engine::TrunkSettings& t) {
    t.user = s.text("user");
    t.auth_user = s.text("auth_user", t.user);
    t.password = s.text("password");
    t.realm = s.text("realm");
    if (t.registers && (t.server_uri.empty() || t.user.empty() || t.password.empty()))
        s.fault("register", "register = true needs server, user and password");
    if (!t.password.empty() && t.realm.empty())
        s.fault("password",
                "password needs realm: the name the trunk asks with (Digest realm=\"...\"); a "
                "password is never given to another realm");
}

sip::Transport transport_of(std::string_view server_uri) {
    if (server_uri.find("transport=tcp") != std::string_view::npos) return sip::Transport::tcp;
    const bool tls = server_uri.starts_with("sips:") ||
                     server_uri.find("transport=tls") != std::string_view::npos;
    return tls ? sip::Transport::tls : sip::Transport::udp;
}

}  // namespace

/// "00->+": a number that begins with 00 begins with + instead.
void Reader::rules(Section& s, std::string_view key, std::vector<engine::NumberRule>& rules) {
    for (const auto& text : s.texts(key)) {
        const auto arrow = text.find("->");
        if (arrow == text.npos) {
            s.fault(
                key,
                fmt::format("{}: \"{}\" is no rule; write \"00->+\": numbers that begin with 00 "
                            "begin with + instead",
                            key,
                            text));
            continue;
        }
        rules.push_back(
            {text.substr(0, arrow), static_cast<std::uint32_t>(arrow), text.substr(arrow + 2)});
    }
}

void Reader::trunk(Section& s) {
    auto& e = out_.engine;
    if (e.trunks.size() == limits::trunks)
        return s.fault("name", fmt::format("more than {} trunks", limits::trunks));
    const auto index = static_cast<std::uint32_t>(e.trunks.size());
    engine::TrunkSettings t;
    t.name = unique_name(s, "name", "trunk");
    t.registers = s.flag("register", false);
    read_peers(s, t);
    read_server(s, t);
    read_credentials(s, t);
    if (!t.registers && t.peers.empty() && t.server_uri.empty())
        s.fault("name",
                "a trunk needs peers (who may call in), server (where calls go out), or both");
    t.from_domain = s.text("from_domain");
    t.expires_s = static_cast<std::uint32_t>(s.number("expires", 300, 60, 86'400));
    t.options_every = s.span("options_every", 30s, 0s, 1h);
    t.codecs = codecs(s, "codecs");
    t.digits = s.choice("digits", t.digits);
    rules(s, "called_in", t.inbound);
    rules(s, "called_out", t.outbound);
    rules(s, "caller_in", t.inbound_caller);
    t.caller_id = s.text("caller_id");
    t.most_calls = static_cast<std::uint32_t>(s.number("most_calls", 100, 1, limits::calls));
    choose_listener(s, index);
    e.floor.trunks.push_back(t.name);
    e.trunks.push_back(std::move(t));
}

void Reader::choose_listener(Section& s, std::uint32_t trunk) {
    const auto named = s.text("listen");
    refer(s, "listen", "listen", named, [this, trunk](std::uint32_t to) {
        out_.engine.trunks[trunk].listener = ListenerId{to};
    });
    if (!named.empty()) return;
    later([this, trunk, line = s.line(), who = s.name()] {
        // By itself a trunk uses the first listener of its transport.
        auto& t = out_.engine.trunks[trunk];
        const auto transport = transport_of(t.server_uri);
        const auto& all = out_.engine.listeners;
        for (std::uint32_t i = 0; i < all.size() && !t.listener; ++i)
            if (all[i].transport == transport) t.listener = ListenerId{i + 1};
        if (!t.listener && !all.empty())
            faults_.push_back(
                {line,
                 fmt::format("{}: no [[listen]] has its transport; add one, or set listen", who)});
    });
}

}  // namespace holdfast::settings
