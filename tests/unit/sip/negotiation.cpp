// Offer and answer (RFC 3264).
#include "sip/negotiation.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast;
using namespace holdfast::sip;
using sdp::Direction;

namespace {

const std::string head =
    "v=0\r\no=- 20022 20023 IN IP4 192.0.2.21\r\ns=-\r\nc=IN IP4 192.0.2.21\r\nt=0 0\r\n";

LocalMedia local(std::initializer_list<Codec> codecs, Direction direction = Direction::sendrecv) {
    LocalMedia out;
    out.rtp = {IpAddress::v4(192, 0, 2, 10), 20000};
    for (const auto codec : codecs)
        REQUIRE(out.codecs.push_back(codec));
    out.direction = direction;
    out.session_id = 4711;
    out.version = 3;
    return out;
}

std::expected<Answer, Fault> answer(const std::string& offer, const LocalMedia& ours) {
    const auto description = sdp::parse(offer);
    REQUIRE(description);
    return answer_to(*description, ours);
}

std::expected<Agreed, Fault> taken(const std::string& answer, const LocalMedia& offered) {
    const auto description = sdp::parse(answer);
    REQUIRE(description);
    return agreed_from(*description, offered);
}

/// The direction a printed description has.
Direction direction_in(const std::string& text) {
    const auto description = sdp::parse(text);
    REQUIRE(description);
    return description->direction_of(description->media[0]);
}

}  // namespace

TEST_CASE("offer: our codecs in our order, with their numbers", "[sip]") {
    CHECK(print_offer(local({Codec::opus, Codec::g722, Codec::pcma, Codec::pcmu})) ==
          "v=0\r\no=- 4711 3 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\n"
          "m=audio 20000 RTP/AVP 96 9 8 0 101 102\r\n"
          "a=rtpmap:96 opus/48000/2\r\na=rtpmap:9 G722/8000\r\na=rtpmap:8 PCMA/8000\r\n"
          "a=rtpmap:0 PCMU/8000\r\n"
          "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
          "a=rtpmap:102 telephone-event/48000\r\na=fmtp:102 0-15\r\n"
          "a=ptime:20\r\na=sendrecv\r\n");
    auto plain = local({Codec::pcma}, Direction::sendonly);
    plain.telephone_event = false;
    plain.rtp.address = *parse_address("2001:db8::10");
    CHECK(print_offer(plain) ==
          "v=0\r\no=- 4711 3 IN IP6 2001:db8::10\r\ns=-\r\nc=IN IP6 2001:db8::10\r\nt=0 0\r\n"
          "m=audio 20000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\na=sendonly\r\n");
}

TEST_CASE("answer: our order, their numbers, and where to send", "[sip]") {
    const auto result =
        answer(head +
                   "m=audio 11782 RTP/AVP 0 111 8 97\r\na=rtpmap:111 OPUS/48000/2\r\n"
                   "a=rtpmap:97 telephone-event/8000\r\na=ptime:30\r\n",
               local({Codec::pcma, Codec::g722, Codec::pcmu, Codec::opus}));
    REQUIRE(result);
    CHECK(result->text ==
          "v=0\r\no=- 4711 3 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\n"
          "m=audio 20000 RTP/AVP 8 0 111 97\r\n"
          "a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:111 opus/48000/2\r\n"
          "a=rtpmap:97 telephone-event/8000\r\na=fmtp:97 0-15\r\na=ptime:20\r\na=sendrecv\r\n");
    Agreed want;
    static_cast<void>(want.codecs.push_back({Codec::pcma, 8}));
    static_cast<void>(want.codecs.push_back({Codec::pcmu, 0}));
    static_cast<void>(want.codecs.push_back({Codec::opus, 111}));
    want.telephone_event = 97;
    want.remote_rtp = {IpAddress::v4(192, 0, 2, 21), 11782};
    want.remote_rtcp = {IpAddress::v4(192, 0, 2, 21), 11783};
    want.ptime_ms = 30;
    CHECK(result->agreed == want);
}

// RFC 3264 6.1: sendonly is answered by recvonly and so on, and by no more than was offered.
TEST_CASE("answer: directions", "[sip]") {
    using enum Direction;
    struct Row {
        Direction offered, wanted, answered;
    };
    constexpr Row rows[] = {
        // clang-format off
        {sendrecv, sendrecv, sendrecv}, {sendrecv, sendonly, sendonly},
        {sendrecv, recvonly, recvonly}, {sendrecv, inactive, inactive},
        {sendonly, sendrecv, recvonly}, {sendonly, sendonly, inactive},
        {sendonly, recvonly, recvonly}, {sendonly, inactive, inactive},
        {recvonly, sendrecv, sendonly}, {recvonly, sendonly, sendonly},
        {recvonly, recvonly, inactive}, {recvonly, inactive, inactive},
        {inactive, sendrecv, inactive}, {inactive, sendonly, inactive},
        {inactive, recvonly, inactive}, {inactive, inactive, inactive},
        // clang-format on
    };
    constexpr std::string_view names[] = {"sendrecv", "sendonly", "recvonly", "inactive"};
    for (const auto& row : rows) {
        const std::string offered{names[static_cast<int>(row.offered)]};
        CAPTURE(offered, names[static_cast<int>(row.wanted)]);
        const std::string stream = "m=audio 1 RTP/AVP 8\r\n";
        const auto attribute = "a=" + offered + "\r\n";
        const std::string at_session[] = {head + attribute + stream, head + stream + attribute};
        for (const auto& offer : at_session) {
            const auto result = answer(offer, local({Codec::pcma}, row.wanted));
            REQUIRE(result);
            CHECK(direction_in(result->text) == row.answered);
            CHECK(result->agreed.remote_direction == row.offered);
            CHECK(result->agreed.peer_holds ==
                  (row.offered == sendonly || row.offered == inactive));
        }
    }
}

// RFC 2543 B.5, RFC 3264 8.4: the zero address holds, whatever the attribute says.
TEST_CASE("answer: the zero address", "[sip]") {
    const auto zero = GENERATE("c=IN IP4 0.0.0.0\r\n", "c=IN IP6 ::\r\n");
    const auto result =
        answer(head + "m=audio 1 RTP/AVP 8\r\na=sendrecv\r\na=rtcp:9 IN IP4 192.0.2.30\r\n" + zero,
               local({Codec::pcma}));
    REQUIRE(result);
    CHECK(result->agreed.peer_holds);
    CHECK(result->agreed.remote_direction == Direction::sendrecv);
    CHECK(result->agreed.remote_rtp.address.unspecified());
    CHECK(result->agreed.remote_rtcp.address.unspecified());
    CHECK(direction_in(result->text) == Direction::recvonly);
}

// RFC 3264 6: as many streams, in order; those not wanted with port 0.
TEST_CASE("answer: other streams are refused in their places", "[sip]") {
    const auto result = answer(head +
                                   "m=video 3227 RTP/AVP 31 34\r\na=rtpmap:31 LPC/8000\r\n"
                                   "m=audio 5000 RTP/SAVP 8\r\n"
                                   "m=audio 0 RTP/AVP 8\r\n"
                                   "m=audio 5002 RTP/AVP 18\r\n"
                                   "m=audio 5004 RTP/AVP 8\r\n"
                                   "m=audio 5006 RTP/AVP 8\r\n"
                                   "m=message 2855 TCP/MSRP *\r\n",
                               local({Codec::pcma}));
    REQUIRE(result);
    CHECK(result->agreed.remote_rtp.port == 5004);
    CHECK(result->text.substr(result->text.find("m=")) ==
          "m=video 0 RTP/AVP 31 34\r\nm=audio 0 RTP/SAVP 8\r\nm=audio 0 RTP/AVP 8\r\n"
          "m=audio 0 RTP/AVP 18\r\n"
          "m=audio 20000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\na=sendrecv\r\n"
          "m=audio 0 RTP/AVP 8\r\nm=message 0 TCP/MSRP *\r\n");
}

TEST_CASE("answer: faults", "[sip]") {
    struct Case {
        std::string_view media;
        Fault fault;
    };
    const auto c = GENERATE(
        Case{"", Fault::no_audio},
        Case{"m=video 1 RTP/AVP 31\r\n", Fault::no_audio},
        Case{"m=audio 0 RTP/AVP 8\r\n", Fault::no_audio},
        Case{"m=audio 1 RTP/SAVP 8\r\n", Fault::no_audio},
        Case{"m=audio 1 TCP/RTP/AVP 8\r\n", Fault::no_audio},
        Case{"m=audio 1 RTP/AVP 18 101\r\na=rtpmap:101 telephone-event/8000\r\n",
             Fault::no_common_codec},
        Case{"m=audio 1 RTP/AVP 96\r\n", Fault::no_common_codec},
        Case{"m=audio 1 RTP/AVP 96\r\na=rtpmap:96 PCMA/16000\r\n", Fault::no_common_codec});
    CAPTURE(c.media);
    CHECK(answer(head + std::string{c.media}, local({Codec::pcma})).error() == c.fault);
    // Nowhere to send to.
    CHECK(answer("v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 1 RTP/AVP 8\r\n", local({Codec::pcma}))
              .error() == Fault::bad_sdp);
    CHECK(answer("v=0\r\no=- 1 1 IN IP4 a\r\nc=IN IP4 host.example.com\r\nm=audio 1 RTP/AVP 8\r\n",
                 local({Codec::pcma}))
              .error() == Fault::bad_sdp);
}

TEST_CASE("answer: codecs by name, clock and the habits of phones", "[sip]") {
    const auto payload_of = [](std::string_view media, Codec codec) {
        const auto result = answer(head + std::string{media}, local({codec}));
        return result ? int{result->agreed.codecs[0].payload} : -1;
    };
    // RFC 3551 4.5.2: G.722's clock is 8000; some write 16000.
    CHECK(payload_of("m=audio 1 RTP/AVP 9\r\n", Codec::g722) == 9);
    CHECK(payload_of("m=audio 1 RTP/AVP 9\r\na=rtpmap:9 G722/16000\r\n", Codec::g722) == 9);
    // A static codec under another number, in another case.
    CHECK(payload_of("m=audio 1 RTP/AVP 97\r\na=rtpmap:97 pcma/8000\r\n", Codec::pcma) == 97);
    // A static number that means something else.
    CHECK(payload_of("m=audio 1 RTP/AVP 8\r\na=rtpmap:8 L16/8000\r\n", Codec::pcma) == -1);
    CHECK(payload_of("m=audio 1 RTP/AVP 111\r\na=rtpmap:111 opus/48000\r\n", Codec::opus) == 111);
    CHECK(payload_of("m=audio 1 RTP/AVP 111\r\na=rtpmap:111 opus/16000/2\r\n", Codec::opus) == -1);
}

// RFC 4733 2.1: events have the clock of the audio they stand in for.
TEST_CASE("answer: telephone events of each clock", "[sip]") {
    const std::string both =
        "m=audio 1 RTP/AVP 8 111 101 102\r\na=rtpmap:111 opus/48000/2\r\n"
        "a=rtpmap:101 telephone-event/8000\r\na=rtpmap:102 telephone-event/48000\r\n";
    const std::string narrow =
        "m=audio 1 RTP/AVP 111 101\r\na=rtpmap:111 opus/48000/2\r\n"
        "a=rtpmap:101 telephone-event/8000\r\n";
    struct Case {
        std::string media;
        std::initializer_list<Codec> codecs;
        std::uint8_t event;
        std::string_view formats;
    };
    const Case cases[] = {{both, {Codec::opus}, 102, " 111 101 102\r\n"},
                          {both, {Codec::opus, Codec::pcma}, 102, " 111 8 101 102\r\n"},
                          {both, {Codec::pcma, Codec::opus}, 101, " 8 111 101 102\r\n"},
                          {both, {Codec::pcma}, 101, " 8 101\r\n"},
                          {narrow, {Codec::opus}, 101, " 111 101\r\n"},
                          {"m=audio 1 RTP/AVP 8\r\n", {Codec::pcma}, 0, " 8\r\n"}};
    for (const auto& c : cases) {
        const auto result = answer(head + c.media, local(c.codecs));
        REQUIRE(result);
        CAPTURE(result->text);
        CHECK(result->agreed.telephone_event == c.event);
        CHECK(result->text.find("RTP/AVP" + std::string{c.formats}) != std::string::npos);
    }
    auto without = local({Codec::pcma});
    without.telephone_event = false;
    const auto result = answer(head + both, without);
    REQUIRE(result);
    CHECK(result->agreed.telephone_event == 0);
    CHECK(result->text.find("telephone-event") == std::string::npos);
}

TEST_CASE("answer: packet time within what we pack", "[sip]") {
    struct Case {
        std::string_view wish;
        std::uint16_t agreed;
    };
    const auto c = GENERATE(Case{"", 20},
                            Case{"a=ptime:20\r\n", 20},
                            Case{"a=ptime:0\r\n", 20},
                            Case{"a=ptime:5\r\n", 10},
                            Case{"a=ptime:33\r\n", 30},
                            Case{"a=ptime:60\r\n", 60},
                            Case{"a=ptime:200\r\n", 60});
    CAPTURE(c.wish);
    const auto result =
        answer(head + "m=audio 1 RTP/AVP 8\r\n" + std::string{c.wish}, local({Codec::pcma}));
    REQUIRE(result);
    CHECK(result->agreed.ptime_ms == c.agreed);
}

// RFC 3605: RTCP may go elsewhere; RFC 3264 6: an answer's t= line is the offer's.
TEST_CASE("answer: rtcp and time", "[sip]") {
    const auto result = answer(
        "v=0\r\no=- 1 1 IN IP4 a\r\nc=IN IP4 192.0.2.21\r\nt=3149328700 0\r\n"
        "m=audio 11782 RTP/AVP 8\r\na=rtcp:9000\r\n",
        local({Codec::pcma}));
    REQUIRE(result);
    CHECK(result->agreed.remote_rtcp == Endpoint{IpAddress::v4(192, 0, 2, 21), 9000});
    CHECK(result->text.find("\r\nt=3149328700 0\r\n") != std::string::npos);
    const auto elsewhere =
        answer(head + "m=audio 11782 RTP/AVP 8\r\na=rtcp:9000 IN IP4 192.0.2.22\r\n",
               local({Codec::pcma}));
    CHECK(elsewhere->agreed.remote_rtcp == Endpoint{IpAddress::v4(192, 0, 2, 22), 9000});
    const auto odd = answer(
        "v=0\r\no=- 1 1 IN IP4 a\r\nc=IN IP4 192.0.2.21\r\nt=0 x\r\n"
        "m=audio 11782 RTP/AVP 8\r\n",
        local({Codec::pcma}));
    CHECK(odd->text.find("\r\nt=0 0\r\n") != std::string::npos);
}

TEST_CASE("agreed: what an answer to our offer comes to", "[sip]") {
    const auto offered = local({Codec::pcma, Codec::g722, Codec::pcmu});
    const auto agreed =
        taken(head + "m=audio 11782 RTP/AVP 0 18 8 101\r\na=rtpmap:101 telephone-event/8000\r\n",
              offered);
    REQUIRE(agreed);
    REQUIRE(agreed->codecs.size() == 2);  // 18 was not offered
    CHECK(agreed->codecs[0] == AgreedCodec{Codec::pcmu, 0});
    CHECK(agreed->codecs[1] == AgreedCodec{Codec::pcma, 8});
    CHECK(agreed->telephone_event == 101);
    CHECK(agreed->remote_rtp == Endpoint{IpAddress::v4(192, 0, 2, 21), 11782});
    CHECK_FALSE(agreed->peer_holds);
}

TEST_CASE("agreed: faults", "[sip]") {
    struct Case {
        std::string_view media;
        Fault fault;
    };
    const auto c =
        GENERATE(Case{"", Fault::bad_sdp},
                 Case{"m=audio 1 RTP/AVP 8\r\nm=audio 1 RTP/AVP 8\r\n", Fault::bad_sdp},
                 Case{"m=audio 0 RTP/AVP 8\r\n", Fault::no_audio},
                 Case{"m=video 1 RTP/AVP 8\r\n", Fault::no_audio},
                 Case{"m=audio 1 RTP/AVP 18\r\n", Fault::no_common_codec},
                 Case{"m=audio 1 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n",
                      Fault::no_common_codec},
                 Case{"m=audio 1 RTP/AVP 8\r\nc=IN IP4 a.example.com\r\n", Fault::bad_sdp});
    CAPTURE(c.media);
    const std::string no_address = "v=0\r\no=- 1 1 IN IP4 a\r\n";
    const auto base = c.media.find("c=") == c.media.npos ? head : no_address;
    CHECK(taken(base + std::string{c.media}, local({Codec::pcma})).error() == c.fault);
}

// Each side holds for itself: an answer that takes nothing says so only where we offered to send.
TEST_CASE("agreed: who holds", "[sip]") {
    using enum Direction;
    struct Row {
        Direction offered;
        std::string_view answered;
        bool peer_holds;
    };
    constexpr Row rows[] = {{sendrecv, "a=sendrecv\r\n", false},
                            {sendrecv, "", false},
                            {sendrecv, "a=sendonly\r\n", true},
                            {sendrecv, "a=inactive\r\n", true},
                            {sendrecv, "a=recvonly\r\n", false},
                            {sendrecv, "c=IN IP4 0.0.0.0\r\n", true},
                            {sendonly, "a=recvonly\r\n", false},
                            {sendonly, "a=inactive\r\n", true},
                            {recvonly, "a=sendonly\r\n", false},
                            {inactive, "a=inactive\r\n", false}};
    for (const auto& row : rows) {
        CAPTURE(static_cast<int>(row.offered), row.answered);
        const auto agreed = taken(
            "v=0\r\no=- 1 1 IN IP4 a\r\nm=audio 1 RTP/AVP 8\r\n" + std::string{row.answered} +
                (row.answered.find("c=") == row.answered.npos ? "c=IN IP4 192.0.2.1\r\n" : ""),
            local({Codec::pcma}, row.offered));
        REQUIRE(agreed);
        CHECK(agreed->peer_holds == row.peer_holds);
    }
}

TEST_CASE("offer and answer: two of us agree", "[sip]") {
    const auto ours = local({Codec::opus, Codec::pcma});
    auto theirs = local({Codec::pcma, Codec::g722, Codec::opus}, Direction::recvonly);
    theirs.rtp = {IpAddress::v4(192, 0, 2, 11), 30000};
    const auto answered = answer(print_offer(ours), theirs);
    REQUIRE(answered);
    const auto agreed = taken(answered->text, ours);
    REQUIRE(agreed);
    CHECK(agreed->codecs == answered->agreed.codecs);
    CHECK(agreed->telephone_event == answered->agreed.telephone_event);
    CHECK(agreed->remote_rtp == theirs.rtp);
    CHECK(answered->agreed.remote_rtp == ours.rtp);
    CHECK(agreed->remote_direction == Direction::recvonly);
}
