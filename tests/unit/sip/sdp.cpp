// Session descriptions (RFC 8866).
#include "sip/sdp.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast;
using namespace holdfast::sip;
using sdp::Direction;

namespace {

const std::string head = "v=0\r\no=- 20022 20023 IN IP4 192.0.2.21\r\ns=-\r\n";
const std::string address = "c=IN IP4 192.0.2.21\r\n";
const std::string audio = "m=audio 11782 RTP/AVP 8\r\n";

sdp::Description read(const std::string& text) {
    const auto description = sdp::parse(text);
    REQUIRE(description);
    return *description;  // views of `text`: callers keep it
}

}  // namespace

TEST_CASE("sdp: session level", "[sip]") {
    const auto text = head + "c=IN IP4 192.0.2.21/127\r\nt=3149328700 0\r\nt=1 2\r\na=sendonly\r\n";
    const auto d = read(text);
    CHECK(d.origin == "- 20022 20023 IN IP4 192.0.2.21");
    CHECK(d.origin_user == "-");
    CHECK(d.session_id == "20022");
    CHECK(d.session_version == "20023");
    CHECK(d.timing == "3149328700 0");
    CHECK(d.connection == IpAddress::v4(192, 0, 2, 21));
    CHECK(d.direction == Direction::sendonly);
    CHECK(d.media.empty());
}

TEST_CASE("sdp: media level", "[sip]") {
    const auto text = head + address +
                      "m=audio 11782/2 RTP/AVP 96 0 101 18\r\n"
                      "c=IN IP6 2001:db8::1\r\n"
                      "a=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1; x\r\n"
                      "a=rtpmap:101 telephone-event/8000\r\na=rtpmap:77 other/8000\r\n"
                      "a=ptime:30\r\na=recvonly\r\na=rtcp:5000 IN IP4 192.0.2.22\r\n"
                      "m=application 9 TCP/MSRP *\r\n";
    const auto d = read(text);
    REQUIRE(d.media.size() == 2);
    const auto& m = d.media[0];
    CHECK(m.kind == "audio");
    CHECK(m.port == 11782);
    CHECK(m.protocol == "RTP/AVP");
    CHECK(m.formats_text == "96 0 101 18");
    REQUIRE(m.formats.size() == 4);
    CHECK(m.formats[0].name == "opus");
    CHECK(m.formats[0].rate == 48000);
    CHECK(m.formats[0].channels == 2);
    CHECK(m.formats[0].fmtp == "useinbandfec=1; x");
    CHECK(m.formats[2].name == "telephone-event");
    CHECK(m.ptime_ms == 30);
    CHECK(m.direction == Direction::recvonly);
    CHECK(m.connection == *parse_address("2001:db8::1"));
    CHECK(m.rtcp == Endpoint{IpAddress::v4(192, 0, 2, 22), 5000});
    CHECK(d.media[1].kind == "application");
    CHECK(d.media[1].formats.empty());
    CHECK(d.media[1].formats_text == "*");
}

// RFC 3551 6: these payload types need no rtpmap.
TEST_CASE("sdp: static payload types", "[sip]") {
    const auto text = head + address + "m=audio 1 RTP/AVP 0 8 9 18 13 3 96\r\n";
    const auto d = read(text);
    struct Want {
        std::string_view name;
        std::uint32_t rate;
    };
    const Want want[] = {{"PCMU", 8000},
                         {"PCMA", 8000},
                         {"G722", 8000},
                         {"G729", 8000},
                         {"CN", 8000},
                         {"GSM", 8000},
                         {"", 0}};
    for (std::size_t i = 0; i < std::size(want); ++i) {
        CHECK(d.media[0].formats[i].name == want[i].name);
        CHECK(d.media[0].formats[i].rate == want[i].rate);
    }
}

TEST_CASE("sdp: direction and target come from the stream, else from the session", "[sip]") {
    const auto text = head + address + "a=inactive\r\n" + audio + "m=audio 2 RTP/AVP 8\r\n" +
                      "c=IN IP4 192.0.2.99\r\na=sendrecv\r\n";
    const auto d = read(text);
    CHECK(d.direction_of(d.media[0]) == Direction::inactive);
    CHECK(d.direction_of(d.media[1]) == Direction::sendrecv);
    CHECK(d.target_of(d.media[0]) == Endpoint{IpAddress::v4(192, 0, 2, 21), 11782});
    CHECK(d.target_of(d.media[1]) == Endpoint{IpAddress::v4(192, 0, 2, 99), 2});
    const auto plain = head + address + audio;
    const auto p = read(plain);
    CHECK(p.direction_of(p.media[0]) == Direction::sendrecv);
}

// RFC 3264 8.4, RFC 2543 B.5: all forms of a hold; port 0 is a refused stream, not a hold.
TEST_CASE("sdp: hold", "[sip]") {
    struct Case {
        std::string connection, media;
        bool held;
    };
    const std::string zero = "c=IN IP4 0.0.0.0\r\n";
    const auto c = GENERATE_COPY(Case{address, audio, false},
                                 Case{address, audio + "a=sendrecv\r\n", false},
                                 Case{address, audio + "a=recvonly\r\n", false},
                                 Case{address, audio + "a=sendonly\r\n", true},
                                 Case{address, audio + "a=inactive\r\n", true},
                                 Case{address + "a=sendonly\r\n", audio, true},
                                 Case{address + "a=sendonly\r\n", audio + "a=sendrecv\r\n", false},
                                 Case{zero, audio, true},
                                 Case{zero, audio + "a=sendrecv\r\n", true},
                                 Case{zero, audio + address, false},
                                 Case{address, audio + zero, true},
                                 Case{"", audio + "c=IN IP6 ::\r\n", true},
                                 Case{address, "m=audio 0 RTP/AVP 8\r\na=sendonly\r\n", false});
    CAPTURE(c.connection, c.media);
    const auto text = head + c.connection + "t=0 0\r\n" + c.media;
    const auto d = read(text);
    CHECK(d.held(d.media[0]) == c.held);
}

// RFC 8866 5.7: several c= lines are several multicast groups; one is enough for us.
TEST_CASE("sdp: the first of several connections counts", "[sip]") {
    const auto second = "c=IN IP4 192.0.2.99\r\n";
    const auto text = head + address + second + audio + "c=IN IP4 192.0.2.3\r\n" + second;
    const auto d = read(text);
    CHECK(d.connection == IpAddress::v4(192, 0, 2, 21));
    CHECK(d.media[0].connection == IpAddress::v4(192, 0, 2, 3));
}

TEST_CASE("sdp: what is tolerated", "[sip]") {
    const auto text = GENERATE_COPY(
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n" + address + audio,  // no s=, no t=
        "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\nm=audio 1 RTP/AVP 8\n",
        head + address + audio + "\r\n\r\n",
        head + address + "m=audio 11782 RTP/AVP 8",
        head + "i=\r\nb=AS:64\r\nz=0 0\r\nk=clear:x\r\n" + address + audio +
            "a=\r\na=x:\r\nx=y\r\n",
        head + "c=IN IP4 host.example.com\r\n" + audio,
        head + address + "m=audio 1 RTP/AVP 8  0 \r\na=ptime:20.0\r\na=ptime:x\r\n",
        head + address + audio +
            "a=rtpmap:8 PCMA\r\na=rtpmap:8 /8000\r\na=fmtp:8\r\na=fmtp:x y\r\n",
        head + address + "m=message 2855 TCP/MSRP *\r\na=rtpmap:x\r\n");
    CAPTURE(text);
    CHECK(sdp::parse(text));
}

TEST_CASE("sdp: what is refused", "[sip]") {
    const auto text = GENERATE_COPY(std::string{},
                                    std::string{"\r\n"},
                                    std::string{"v=0\r\n"},
                                    "v=1\r\n" + head.substr(5),
                                    head.substr(5),
                                    head + head,
                                    "v=0\r\no=- 1\r\n" + address + audio,
                                    head + "x\r\n",
                                    head + "=x\r\n",
                                    head + " a=b\r\n",
                                    head + "c=IN IP4\r\n",
                                    head + "c=IN IP5 192.0.2.1\r\n",
                                    head + "c=TN IP4 192.0.2.1\r\n",
                                    head + "m=audio\r\n",
                                    head + "m=audio x RTP/AVP 8\r\n",
                                    head + "m=audio -1 RTP/AVP 8\r\n",
                                    head + "m=audio 65536 RTP/AVP 8\r\n",
                                    head + "m=audio 1/x RTP/AVP 8\r\n",
                                    head + "m=audio 1 RTP/AVP\r\n",
                                    head + "m=audio 1 RTP/AVP x\r\n",
                                    head + "m=audio 1 RTP/AVP 128\r\n",
                                    head + "m=audio 1 RTP/AVP 8x\r\n",
                                    head + "m= 1 RTP/AVP 8\r\n",
                                    head + audio + "a=rtpmap:\r\n",
                                    head + audio + "a=rtpmap:8\r\n",
                                    head + audio + "a=rtpmap:300 x/8000\r\n",
                                    head + audio + "a=rtcp:x\r\n",
                                    head + audio + "a=rtcp:65536\r\n",
                                    head + audio + "a=rtcp:1x\r\n");
    CAPTURE(text);
    const auto description = sdp::parse(text);
    REQUIRE_FALSE(description);
    CHECK(description.error() == Fault::bad_sdp);
}

TEST_CASE("sdp: limits, at them and one over", "[sip]") {
    const auto repeated = [](std::string_view line, std::size_t n) {
        std::string out;
        for (std::size_t i = 0; i < n; ++i)
            out += line;
        return out;
    };
    CHECK(sdp::parse(head + repeated("a=x\r\n", limits::sdp_lines - 3)));
    CHECK(sdp::parse(head + repeated("a=x\r\n", limits::sdp_lines - 2)).error() ==
          Fault::too_many_sdp_lines);
    CHECK(sdp::parse(head + repeated(audio, sdp::most_media)));
    CHECK(sdp::parse(head + repeated(audio, sdp::most_media + 1)).error() ==
          Fault::too_many_values);
    const auto formats = "m=audio 1 RTP/AVP" + repeated(" 8", limits::sdp_formats);
    CHECK(sdp::parse(head + formats));
    CHECK(sdp::parse(head + formats + " 8").error() == Fault::too_many_values);
}
