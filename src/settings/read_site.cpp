// The sections about the appliance itself: site, listen, media, registrar, codes, emergency.
#include "base/limits.hpp"
#include "boards/appliance-rpi4/appliance.hpp"
#include "boards/appliance-x86/appliance.hpp"
#include "settings/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace holdfast::settings {

/// The machine gives standards that the file may still change.
void Reader::read_appliance(Section& s) {
    static constexpr const boards::Appliance* known[] = {&boards::appliance_x86,
                                                         &boards::appliance_rpi4};
    const auto name = s.text("appliance");
    if (name.empty()) return;
    const auto* const it = std::ranges::find(known, name, &boards::Appliance::name);
    if (it == std::end(known))
        return s.fault("appliance",
                       fmt::format("appliance = \"{}\" is not known; use one of {}, {}",
                                   name,
                                   known[0]->name,
                                   known[1]->name));
    appliance_ = *it;
    out_.host.state = appliance_->state;
    out_.host.runtime = appliance_->runtime;
}

void Reader::site(Section& s) {
    auto& e = out_.engine;
    auto& h = out_.host;
    e.site = s.text("name", e.site);
    read_appliance(s);
    h.state = s.text("state", h.state);
    h.runtime = s.text("runtime", h.runtime);
    h.log_level = s.choice("log_level", h.log_level);
    h.black_box_redacts = s.flag("black_box_redacts", true);
    h.black_box_bytes =
        static_cast<std::uint64_t>(s.number("black_box_megabytes", 64, 1, 4096)) * 1024 * 1024;
    h.spill_bytes =
        static_cast<std::uint64_t>(s.number("spill_megabytes", 544, 1, 65'536)) * 1000 * 1000;
    retention(s);
    h.name_servers = s.texts("name_servers");
    e.calls_per_second = static_cast<std::uint32_t>(s.number("calls_per_second", 100, 1, 10'000));
    e.park_limit = s.span("park_limit", 120s, 5s, 1h);
    e.session_expires = s.span("session_expires", 1800s, 90s, 24h);
    e.floor.ready_after_login = s.flag("ready_after_login", false);
    e.floor.outbound_wrap_up = s.span("outbound_wrap_up", 0s, 0s, 1h);
    e.floor.absence_limit = s.span("absence_limit", 30min, 10s, 24h);
    e.floor.mask_limit = s.span("mask_limit", 3min, 0s, 1h);
    e.wallboards.hold_limit = s.span("hold_limit", 3min, 10s, 1h);
    e.default_music = s.file("music", readable_);
}

/// How long what is kept, and where a second time.
void Reader::retention(Section& s) {
    constexpr std::int64_t most_days = 36'500;
    auto& h = out_.host;
    h.backup_folder = s.text("backup_folder");
    h.backup_hour = static_cast<std::uint32_t>(s.number("backup_hour", 3, 0, 23));
    h.backups_kept = static_cast<std::uint32_t>(s.number("backups_kept", 2, 0, 1000));
    h.person_days = static_cast<std::uint32_t>(s.number("keep_persons_days", 0, 0, most_days));
    h.row_days = static_cast<std::uint32_t>(s.number("keep_rows_days", 0, 0, most_days));
}

void Reader::listen(Section& s) {
    using sip::Transport;
    auto& listeners = out_.engine.listeners;
    if (listeners.size() == limits::listeners)
        return s.fault("transport", fmt::format("more than {} listeners", limits::listeners));
    const auto name = s.has("name") ? unique_name(s, "name", "listen") : std::string{};
    if (name.empty())
        names_["listen"].emplace(fmt::format(" {}", listeners.size() + 1),
                                 static_cast<std::uint32_t>(listeners.size() + 1));
    engine::ListenerSettings l;
    l.transport = s.choice("transport", Transport::udp);
    s.wanted("address");
    l.bind.address = s.address("address");
    l.bind.port = static_cast<std::uint16_t>(
        s.number("port", l.transport == Transport::tls ? 5061 : 5060, 1, 65535));
    l.advertise_host = s.text("advertise");
    l.advertise_port = static_cast<std::uint16_t>(s.number("advertise_port", 0, 0, 65535));
    l.certificate = s.file("certificate", readable_);
    l.key = s.file("key", readable_);
    if (l.transport == Transport::tls && (l.certificate.empty() || l.key.empty()))
        s.fault("transport", "tls needs certificate and key, two PEM files");
    if (l.bind.address && l.bind.address.unspecified() && l.advertise_host.empty())
        s.fault("address",
                "every address is listened on, so advertise must say which one peers shall use");
    for (const auto& other : listeners)
        if (other.bind == l.bind &&
            (other.transport == Transport::udp) == (l.transport == Transport::udp))
            s.fault("port", "another [[listen]] has this address and port");
    listeners.push_back(std::move(l));
}

std::vector<AudioCodec> Reader::codecs(Section& s, std::string_view key) {
    std::vector<AudioCodec> all;
    for (const auto& word : s.texts(key)) {
        bool known = false;
        for (const auto c :
             {AudioCodec::pcma, AudioCodec::pcmu, AudioCodec::g722, AudioCodec::opus})
            if (holdfast::text_of(c) == word) all.push_back(c), known = true;
        if (!known)
            s.fault(key,
                    fmt::format("{}: \"{}\" is not known; use PCMA, PCMU, G722, opus", key, word));
    }
    return all;
}

void Reader::media(Section& s) {
    auto& m = out_.engine.media;
    m.bind = s.address("address");
    m.advertise = s.address("advertise");
    if (m.bind && m.bind.unspecified() && !m.advertise)
        s.fault("address",
                "every address is used, so advertise must say which one peers shall send to");
    m.first_port = static_cast<std::uint16_t>(s.number("first_port", 30'000, 1024, 65534));
    m.last_port = static_cast<std::uint16_t>(s.number("last_port", 39'999, 1025, 65535));
    if (m.last_port < m.first_port + 3)
        s.fault("last_port",
                "last_port must be at least three above first_port: a call needs two pairs");
    if (auto list = codecs(s, "codecs"); !list.empty()) m.codecs = std::move(list);
    m.transcodes = s.flag("transcode", true);
    m.srtp = s.choice("srtp", m.srtp);
    m.srtp_without_tls = s.flag("srtp_without_tls", false);
    m.ghost_after = s.span("ghost_after", 300s, 0s, 24h);
    m.phone_silent_after = s.span("phone_silent_after", 10s, 1s, 10min);
}

void Reader::registrar(Section& s) {
    auto& r = out_.engine.registrar;
    r.realm = s.text("realm", r.realm);
    r.least_expires_s = static_cast<std::uint32_t>(s.number("least_expires", 60, 10, 86'400));
    r.default_expires_s = static_cast<std::uint32_t>(s.number("default_expires", 300, 10, 86'400));
    r.most_expires_s = static_cast<std::uint32_t>(s.number("most_expires", 3600, 60, 86'400));
    r.options_every = s.span("options_every", 30s, 0s, 1h);
    r.offers_sha256 = s.flag("sha256", false);
    if (r.least_expires_s > r.default_expires_s || r.default_expires_s > r.most_expires_s)
        s.fault("default_expires", "least_expires, default_expires and most_expires must rise");
}

void Reader::codes(Section& s) {
    auto& c = out_.engine.codes;
    c.log_in = s.text("log_in", c.log_in);
    c.ready = s.text("ready", c.ready);
    c.park = s.text("park", c.park);
    c.hold = s.text("hold", c.hold);
    c.in_call = s.flag("in_call", c.in_call);
    const std::array codes{std::pair{"log_in", c.log_in},
                           std::pair{"ready", c.ready},
                           std::pair{"park", c.park},
                           std::pair{"hold", c.hold}};
    for (const auto& [key, code] : codes)
        if (code.size() < 2 || code.find_first_not_of("*#0123456789") != code.npos)
            s.fault(key,
                    fmt::format("{} = \"{}\" must be dialled: two or more of * # 0-9", key, code));
    for (std::size_t i = 0; i < codes.size(); ++i)
        for (std::size_t j = i + 1; j < codes.size(); ++j) {
            const auto& [key, code] = codes[i];
            const auto& [other, second] = codes[j];
            if (code.starts_with(second) || second.starts_with(code))
                s.fault(other, fmt::format("{} and {} must not begin with each other", key, other));
        }
}

/// A recording of the site's own comes before the one that was made with the product.
void Reader::speech(Section& s) {
    auto& speech = out_.engine.speech;
    speech.language = s.choice("language", speech.language);
    const auto prompts = s.text("prompts", "/usr/local/share/holdfast/prompts");
    const auto recordings = s.text("recordings");
    const bool tones = s.flag("tones_only", false);
    if (tones || !readable_) return;
    std::size_t own = 0;
    for (const auto prompt : every<engine::Prompt>) {
        auto& file = speech.files[static_cast<std::size_t>(prompt)];
        const auto of_site = fmt::format("{}/{}.wav", recordings, holdfast::text(prompt));
        const auto made = fmt::format(
            "{}/{}/{}.wav", prompts, holdfast::text(speech.language), holdfast::text(prompt));
        if (!recordings.empty() && readable_(of_site))
            file = of_site, ++own;
        else if (readable_(made))
            file = made;
    }
    if (!recordings.empty() && own == 0)
        s.fault("recordings",
                fmt::format("recordings = \"{}\" has none that can be read; their names are those "
                            "of the prompts: \"logged_in.wav\", \"n1.wav\"...",
                            recordings));
    if (s.has("prompts") && speech.files[0].empty())
        s.fault("prompts",
                fmt::format("prompts = \"{}\" has no folder \"{}\" with recordings: make them "
                            "with tools/prompts/make",
                            prompts,
                            holdfast::text(speech.language)));
}

void Reader::emergency(Section& s) {
    auto& e = out_.engine.emergency;
    e.numbers = s.texts("numbers");
    for (const auto& n : e.numbers)
        numbers_.emplace(n, std::pair{"[emergency]", s.line_of("numbers")});
    for (const auto& name : s.texts("trunks"))
        refer(s, "trunks", "trunk", name, [this](std::uint32_t index) {
            out_.engine.emergency.trunks.push_back(TrunkId{index});
        });
}

}  // namespace holdfast::settings
