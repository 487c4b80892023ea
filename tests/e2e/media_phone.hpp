// tests/e2e/media_phone.hpp: a phone on loopback that sends a tone in A-law and keeps what it
// hears.
#pragma once
#include "host/io/udp_socket.hpp"
#include "media/codecs.hpp"
#include "media/g711.hpp"
#include "media/orders.hpp"
#include "media/rtp.hpp"
#include "media/telephone_event.hpp"
#include "support/need.hpp"
#include "support/sound.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <numbers>
#include <poll.h>
#include <sys/socket.h>
#include <vector>

namespace holdfast::test {

using namespace std::chrono_literals;

inline const IpAddress loopback = IpAddress::v4(127, 0, 0, 1);
inline const IpAddress loopback6{IpAddress::Family::v6,
                                 {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};

struct HeardPacket {
    media::RtpHeader header;
    std::vector<std::uint8_t> payload;
    std::chrono::steady_clock::time_point at;
};

class Phone {
public:
    Phone(double hertz, std::uint8_t payload_type, const IpAddress& address = loopback)
        : payload_type_{payload_type}, step_{2 * std::numbers::pi * hertz / 8000} {
        auto socket = host::bind_udp({address, 0}, host::ServiceClass::best_effort);
        need(socket.has_value(), "a socket");
        socket_ = *std::move(socket);
    }

    Endpoint address() const { return host::bound_to(socket_.get()); }
    void call(const IpAddress& host, std::uint16_t port) { server_ = {host, port}; }

    /// What the daemon would order for it. RTCP goes to where nobody listens.
    media::Configure configure(MediaId media, std::uint8_t event = 101) const {
        media::Configure order;
        order.media = media;
        order.remote_rtp = address();
        order.codecs = {{payload_type_, Codec::pcma}};
        order.telephone_event = event;
        return order;
    }

    /// 20 ms of its tone, or of the digit it sends.
    void speak() {
        if (event_left_ > 0) {
            send_event();
            return;
        }
        std::vector<std::uint8_t> payload(160);
        for (auto& octet : payload) {
            octet = media::g711::to_alaw(
                static_cast<std::int16_t>(std::lround(10'000 * std::sin(phase_))));
            phase_ += step_;
        }
        send(payload_type_, false, timestamp_, payload);
        timestamp_ += 160;
    }
    /// The next packets are a digit of 100 ms.
    void press(std::uint8_t code) {
        event_code_ = code;
        event_left_ = 7;
        event_at_ = timestamp_;
    }
    void listen() {
        std::array<std::uint8_t, 2048> buffer;
        for (;;) {
            const auto size = recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (size < 0) return;
            const auto packet = media::parse_rtp({buffer.data(), static_cast<std::size_t>(size)});
            need(packet.has_value(), "a packet that is RTP");
            heard.push_back({packet->header,
                             {packet->payload.begin(), packet->payload.end()},
                             std::chrono::steady_clock::now()});
        }
    }

    /// The last second and a half of what it heard, decoded.
    Sound sound() const {
        Sound out;
        const auto decoder = media::facts_of(Codec::pcma).make_decoder();
        const std::size_t from = heard.size() > 75 ? heard.size() - 75 : 0;
        for (std::size_t i = from; i < heard.size(); ++i) {
            if (heard[i].header.payload_type != payload_type_) continue;
            std::array<std::int16_t, media::most_decoded> samples{};
            const auto count = decoder->decode(heard[i].payload, samples);
            out.insert(out.end(), samples.begin(), samples.begin() + static_cast<long>(count));
        }
        return out;
    }
    /// How loud it hears a tone; by tenths of a second, since a switch moves the phase.
    double hears(double hertz) const {
        const auto all = sound();
        constexpr std::size_t piece = 800;
        double sum = 0;
        for (std::size_t at = 0; at + piece <= all.size(); at += piece)
            sum += strength(std::span{all}.subspan(at, piece), hertz, 8000);
        return all.size() < piece ? 0 : sum / static_cast<double>(all.size() / piece);
    }
    /// Which of the tones used here it hears loudest, in Hz; 0 where none.
    int tone() const {
        int loudest = 0;
        double most = 2000;
        for (const int hertz : {440, 550, 660, 880, 1000})
            if (hears(hertz) > most) most = hears(hertz), loudest = hertz;
        return loudest;
    }
    void send_raw(const std::vector<std::uint8_t>& bytes, int port_offset = 0) {
        Endpoint to = server_;
        to.port = static_cast<std::uint16_t>(to.port + port_offset);
        host::send_datagram(socket_.get(), to, bytes);
    }

    std::vector<HeardPacket> heard;

private:
    using Codec = media::Codec;

    void send(std::uint8_t type,
              bool marker,
              std::uint32_t timestamp,
              const std::vector<std::uint8_t>& payload) {
        std::vector<std::uint8_t> packet(media::rtp_header_bytes + payload.size());
        media::print_rtp({.payload_type = type,
                          .marker = marker,
                          .sequence = sequence_++,
                          .timestamp = timestamp,
                          .ssrc = ssrc_},
                         payload,
                         packet);
        send_raw(packet);
    }
    void send_event() {
        const bool first = event_left_ == 7;
        const bool ended = event_left_ <= 3;
        const auto steps = static_cast<std::uint16_t>(std::min(8 - event_left_, 5));
        const auto event =
            media::print_event({event_code_, ended, 10, static_cast<std::uint16_t>(160 * steps)});
        send(101, first, event_at_, {event.begin(), event.end()});
        --event_left_;
        timestamp_ += 160;
    }

    std::uint8_t payload_type_;
    double step_;
    double phase_ = 0;
    host::Fd socket_;
    Endpoint server_;
    std::uint16_t sequence_ = 65'500;  // wraps within the first second
    std::uint32_t timestamp_ = 77;
    std::uint32_t ssrc_ = 0x1234'5678;
    int event_left_ = 0;
    std::uint8_t event_code_ = 0;
    std::uint32_t event_at_ = 0;
};

}  // namespace holdfast::test
