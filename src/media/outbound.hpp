// media/outbound.hpp: what one party hears: another party, a source, digits, or nothing, all in one
// outgoing stream.
#pragma once
#include "base/bounded_vector.hpp"
#include "base/enum_text.hpp"
#include "base/limits.hpp"
#include "base/machine.hpp"
#include "base/time.hpp"
#include "media/codecs.hpp"
#include "media/conference.hpp"
#include "media/digit_sender.hpp"
#include "media/heard.hpp"
#include "media/orders.hpp"
#include "media/out_stream.hpp"
#include "media/relay_run.hpp"
#include "media/source.hpp"
#include "media/srtp.hpp"
#include "media/tick.hpp"
#include "media/transcoder.hpp"
#include "media/wire.hpp"

#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace holdfast::media {

/// What is said in one go.
using Sentence = std::vector<SourcePtr>;

class Outbound {
public:
    Outbound(MediaId media, Slot slot, const OutStream& stream, Wire& wire)
        : media_{media}, slot_{slot}, wire_{wire}, stream_{stream}, ticker_{slot, 20ms} {}

    void configure(const Configure& order, Instant now);
    /// Where packets go; an endpoint without port while nothing may be sent.
    void set_target(const Endpoint& target) { target_ = target; }

    /// None: what is sent is sent in the clear. Outlives the use.
    void protect_with(Srtp* srtp) { srtp_ = srtp; }

    /// What it hears from now on. `source`: of a HearSource, where it is ready.
    void hear(const Hear& order, const SourcePtr& source, Instant now);
    /// It hears the others of a conference that it has joined.
    void confer(const std::shared_ptr<Conference>& conference, Instant now);
    /// The source it waits for is ready.
    void source_ready(SourceId id, const SourcePtr& source, Instant now);
    /// Over whatever it hears; nothing of a sentence is told as ended at once. `last` names it.
    void say(SourceId last, Sentence sentence, Instant now);
    /// The endpoint that it hears, if it hears one.
    MediaId hears() const;

    /// False where too many wait already.
    bool send_digit(const SendDigit& order, Instant now);

    /// A packet of the party it hears. Whether it was passed on as it is; if its codec is none of
    /// ours, its sound comes with the next packets made here.
    bool relay(const Heard& heard, Instant now);

    /// When the next packet made here is due.
    Instant tick_due() const { return ticker_.due(); }
    /// Sends it. Whether the tick was late is for the process's health.
    Tick tick(Instant now);
    /// Packets made here and sent.
    std::uint64_t played() const { return played_; }

    const OutStream& stream() const { return stream_; }
    std::uint64_t bytes_out() const { return bytes_out_; }
    std::uint64_t unmatched() const { return unmatched_; }

private:
    struct Nothing {};
    struct Relay {
        MediaId from;
        RelayRun run;
        std::unique_ptr<Transcoder> transcoder;  // while what it speaks is not spoken here
    };
    struct Playing {
        SourceId id;
        bool loop = false;
        SourcePtr source;  // none until it is ready
        Track::Position position;
    };
    struct Mixing {
        std::shared_ptr<Conference> conference;
        std::unique_ptr<LiveEncoder> encoder;
    };
    using Hearing = std::variant<Nothing, Relay, Playing, Mixing>;
    struct Saying {
        SourceId last;
        Sentence sentence;
        std::size_t at = 0;
        Track::Position position;
    };
    using Digit = std::variant<std::monostate, EventDigit, InbandDigit>;

    /// What is waiting to be sent, and for how long.
    struct WaitingDigit {
        char digit = 0;
        Micros duration{};
    };

    bool may_send() const { return target_.port != 0; }
    /// Something is sent in place of what it hears.
    bool interrupted() const { return digit_running() || saying_; }
    bool digit_running() const { return !std::holds_alternative<std::monostate>(digit_); }
    void start_ticker(Instant now);
    void take_next_digit();
    std::optional<PayloadType> generating() const;

    void play(Playing& playing, const Tick& tick);
    void go_on(Saying& saying, const Tick& tick);
    bool send_frames(const Source& source, Track::Position& position, bool loop, Instant at);
    void send_event(EventDigit& digit, const Tick& tick);
    void send_tones(InbandDigit& digit, const Tick& tick);
    void end_digit_if_over();
    void switch_source();
    bool relay_audio(RelayRun& run, Codec codec, const Heard& heard, Instant now);
    bool relay_event(RelayRun& run, const Heard& heard, Instant now);
    void send_made(PayloadType type, Bytes payload, Instant at);
    // outbound_voice.cpp
    void transcode(Relay& relay, Codec from, const Heard& heard, Instant now);
    void end_transcoding(Relay& relay, Instant now);
    void speak(Relay& relay, const Tick& tick);
    bool pass_event(const Heard& heard, Instant now);
    void mix(Mixing& mixing, const Tick& tick);
    bool send(
        const RtpHeader& header, std::uint32_t clock, Instant at, Micros duration, Bytes payload);

    MediaId media_;
    Slot slot_;
    Wire& wire_;
    OutStream stream_;
    Ticker ticker_;

    bool configured_ = false;
    Endpoint target_;
    Srtp* srtp_ = nullptr;
    BoundedVector<PayloadType, limits::media_codecs> codecs_;
    std::array<std::uint8_t, enum_count<Codec>> numbers_{};
    Set<Codec> spoken_;  // the codecs that numbers_ has a number for
    std::uint8_t event_number_ = 0;
    std::uint32_t event_clock_ = 8000;

    Hearing hearing_;
    std::optional<Saying> saying_;
    Digit digit_;
    Instant event_at_;  // when the running event began
    /// An event of the party whose voice is transcoded: nothing else goes out meanwhile.
    struct PassingEvent {
        std::uint32_t in = 0, out = 0;  // its timestamps
        Instant at;
        Instant newest;  // when its last packet came
    };
    std::optional<PassingEvent> passing_;
    BoundedVector<WaitingDigit, limits::digits_waiting> waiting_;
    bool run_begun_ = false;  // of what is made here: a packet of it was sent

    std::uint64_t bytes_out_ = 0;
    std::uint64_t unmatched_ = 0;
    std::uint64_t played_ = 0;
};

}  // namespace holdfast::media
