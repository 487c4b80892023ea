// engine/settings.hpp: everything a technician decides, as the engine needs it. Read from TOML by
// the room settings/, which refuses what contradicts itself; the engine trusts it.
#pragma once
#include "acd/class_of_service.hpp"
#include "acd/settings.hpp"
#include "base/address.hpp"
#include "base/audio.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "engine/prompts.hpp"
#include "sip/values.hpp"
#include "wallboard/watches.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::engine {

struct ListenerSettings {
    sip::Transport transport{};
    Endpoint bind;
    std::string advertise_host;  ///< Address or name; the bound address where not set.
    std::uint16_t advertise_port = 0;
    std::string certificate, key;  ///< TLS: PEM files.
};

/// Whether a phone's sound is encrypted (SDES: the keys stand in SDP). `optional`: where the phone
/// asks for it. Keys are only said over TLS.
enum class SrtpUse : std::uint8_t { off, optional, required };

struct MediaSettings {
    IpAddress bind;
    IpAddress advertise;  ///< In SDP; the bound address where not set.
    std::uint16_t first_port = 30'000, last_port = 39'999;
    std::vector<AudioCodec> codecs{
        AudioCodec::pcma, AudioCodec::pcmu, AudioCodec::g722, AudioCodec::opus};
    /// Phones may use a codec that the other side lacks; `codecs` says in which order they are
    /// offered behind those that it has.
    bool transcodes = true;
    SrtpUse srtp = SrtpUse::optional;  ///< Of phones that say nothing themselves.
    bool srtp_without_tls = false;     ///< Whoever hears the signalling then has the keys.
    Micros ghost_after =
        300s;  ///< A call whose caller sends nothing for that long is ended; 0: never.
    Micros phone_silent_after = 10s;  ///< Then the agent's phone is asked whether it lives.
};

struct RegistrarSettings {
    std::string realm = "holdfast";
    std::uint32_t least_expires_s = 60, default_expires_s = 300, most_expires_s = 3600;
    Micros options_every = 30s;  ///< A registered phone is asked that often; 0: never.
    /// Beside MD5. Off, as many a phone cannot be challenged with what it does not know.
    bool offers_sha256 = false;
};

struct DeviceSettings {
    std::string name;       ///< User part of the address of record, and of its lines' From.
    std::string auth_user;  ///< Digest user name.
    std::string password;
    SrtpUse srtp = SrtpUse::optional;
};

/// A number with this prefix loses `strip` characters and gets `prepend` before it. The longest
/// prefix that fits is used, once.
struct NumberRule {
    std::string prefix;
    std::uint32_t strip = 0;
    std::string prepend;
};

enum class DigitMode : std::uint8_t { rfc4733, info, inband };

/// Where a peer may send from. `prefix_bits` of the address count.
struct PeerRange {
    IpAddress address;
    std::uint8_t prefix_bits = 32;
};

struct TrunkSettings {
    std::string name;
    bool registers = false;        ///< Else a static peer.
    std::vector<PeerRange> peers;  ///< Who may send us calls without digest.
    std::string server_uri;        ///< Where calls and registrations go: "sip:sip.example.net".
    std::string user, auth_user, password, realm;
    std::string from_domain;  ///< Host part of From; the server's where not set.
    std::uint32_t expires_s = 300;
    Micros options_every = 30s;      ///< 0: not supervised, counted as up.
    std::vector<AudioCodec> codecs;  ///< In order of preference; empty: the media settings'.
    DigitMode digits = DigitMode::rfc4733;
    std::vector<NumberRule> inbound, outbound;  ///< For the called number.
    std::vector<NumberRule> inbound_caller;     ///< For the caller's number.
    std::string caller_id;  ///< What outbound calls show; empty: the agent's number.
    std::uint32_t most_calls = 100;
    ListenerId listener;  ///< Which of our sockets it uses.
};

struct EmergencySettings {
    std::vector<std::string> numbers;
    std::vector<TrunkId> trunks;  ///< Tried in order; none: every trunk in the settings' order.
};

struct CodeSettings {
    std::string log_in = "*45", ready = "*46";
    std::string park = "*68";  ///< And an orbit: a caller is sent there, and fetched from there.
    /// While a caller is held: why (1 research, 2 consult, 3 other), and minutes: "*4715".
    std::string hold = "*47";
    /// The same as digits in a queue's call, before the hold: "*15". They are not relayed.
    bool in_call = true;
};

/// What is said to agents and to callers who are held.
struct SpeechSettings {
    Language language{};
    std::array<std::string, prompt_count> files;  ///< By Prompt: WAV; empty: a tone, or nothing.
};

/// What the engine must know of wallboards: whom to name, what to watch.
struct WallboardSettings {
    struct Board {
        std::string name, driver, line;  ///< As technicians are shown them.
    };
    std::vector<Board> boards;
    std::vector<wallboard::Watch> watches;
    Micros hold_limit = 3min;  ///< A caller held for longer is counted as such.
};

struct Settings {
    std::string site = "holdfast";
    acd::Settings floor;
    std::vector<acd::ClassOfService> classes;        ///< The first, unnamed one allows nothing.
    std::vector<std::vector<TrunkId>> class_trunks;  ///< By class: which trunks, in order.
    std::vector<ListenerSettings> listeners;
    MediaSettings media;
    RegistrarSettings registrar;
    std::vector<DeviceSettings> devices;
    std::vector<TrunkSettings> trunks;
    EmergencySettings emergency;
    CodeSettings codes;
    SpeechSettings speech;
    WallboardSettings wallboards;
    Micros session_expires = 1800s;
    Micros park_limit = 120s;   ///< Then who parked the caller is called.
    std::string default_music;  ///< WAV file; empty: a soft tone we make.
    /// Whose music a caller hears whom an agent holds. A phone may send its own (RFC 7088), or just
    /// what is said beside it.
    enum class HoldMusic : std::uint8_t { ours, phone };
    struct QueueSounds {
        std::string music, greeting, comfort, closed;  ///< WAV files; empty: none of its own.
        HoldMusic hold_music = HoldMusic::ours;        ///< The phone's where it sends any.
    };
    std::vector<QueueSounds> sounds;       ///< By queue.
    std::uint32_t calls_per_second = 100;  ///< New calls above it get 503 with Retry-After.
};

}  // namespace holdfast::engine
