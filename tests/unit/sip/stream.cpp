// Messages and keep-alives in a stream, however it is cut.
#include "sip/stream.hpp"

#include "base/limits.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace holdfast;
using namespace holdfast::sip;

namespace {

const std::string head = "OPTIONS sip:c@d SIP/2.0\r\nVia: SIP/2.0/TCP a\r\n";
const std::string empty_message = head + "Content-Length: 0\r\n\r\n";
const std::string message = head + "l: 4\r\n\r\nbody";

struct Framed {
    std::vector<std::string> items;  // bytes of messages, "ping", "pong"
    std::optional<Fault> fault;
    std::size_t pending = 0;
};

std::string text_of(const StreamFramer::Item& item) {
    switch (item.kind) {
        case StreamFramer::Kind::message:
            return std::string{item.bytes};
        case StreamFramer::Kind::ping:
            return "ping";
        case StreamFramer::Kind::pong:
            return "pong";
    }
    return {};
}

/// Takes all that is whole.
void drain(StreamFramer& framer, Framed& out) {
    for (;;) {
        const auto next = framer.next();
        if (!next) {
            out.fault = next.error();
            return;
        }
        const auto& item = next.value();
        if (!item) return;
        out.items.push_back(text_of(*item));
    }
}

Framed frame(std::string_view bytes, std::size_t cut) {
    Framed out;
    StreamFramer framer;
    for (std::size_t at = 0; at < bytes.size() && !out.fault; at += cut) {
        framer.add(bytes.substr(at, cut));
        drain(framer, out);
    }
    out.pending = framer.pending();
    return out;
}

using Items = std::vector<std::string>;

Items without_pongs(Items items) {
    std::erase(items, "pong");
    return items;
}

}  // namespace

TEST_CASE("stream: messages and pings come out whole, however they are cut", "[sip]") {
    const auto bytes =
        message + "\r\n\r\n" + empty_message + message + "\r\n\r\n\r\n\r\n" + message;
    const Items want{message, "ping", empty_message, message, "ping", "ping", message};
    CHECK(frame(bytes, bytes.size()).items == want);
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        CAPTURE(cut);
        const auto framed = frame(bytes, cut);
        CHECK(without_pongs(framed.items) == want);
        CHECK(framed.pending == 0);
        CHECK_FALSE(framed.fault);
    }
}

// RFC 5626 3.5.1: CRLF CRLF asks, CRLF alone answers.
TEST_CASE("stream: pings and pongs", "[sip]") {
    CHECK(frame("\r\n", 2).items == Items{"pong"});
    CHECK(frame("\r\n\r\n", 4).items == Items{"ping"});
    CHECK(frame("\r\n\r\n", 2).items == Items{"pong", "ping"});
    CHECK(frame("\r\n" + message + "\r\n", 1000).items == Items{"pong", message, "pong"});
    CHECK(frame("\r", 1).pending == 1);
}

TEST_CASE("stream: what is not whole is waited for", "[sip]") {
    for (std::size_t size = 1; size < message.size(); ++size) {
        const auto framed = frame(message.substr(0, size), size);
        CHECK(framed.items.empty());
        CHECK(framed.pending == size);
        CHECK_FALSE(framed.fault);
    }
}

// RFC 3261 18.3: on a stream Content-Length must tell where a message ends.
TEST_CASE("stream: what ends it", "[sip]") {
    struct Case {
        std::string_view field;
        Fault fault;
    };
    const auto c = GENERATE(Case{"", Fault::no_content_length},
                            Case{"l: x\r\n", Fault::bad_content_length},
                            Case{"l: -1\r\n", Fault::bad_content_length},
                            Case{"l: 4294967300\r\n", Fault::bad_content_length},
                            Case{"l: 4\r\nContent-Length: 4\r\n", Fault::repeated_header},
                            Case{"l: 65536\r\n", Fault::message_too_long});
    CAPTURE(c.field);
    const auto bytes = head + std::string{c.field} + "\r\nbody";
    CHECK(frame(bytes, bytes.size()).fault == c.fault);
    CHECK(frame(bytes, 1).fault == c.fault);
}

TEST_CASE("stream: a folded Content-Length counts as the message reader counts it", "[sip]") {
    const auto folded = head + "CONTENT-LENGTH\t:\r\n 4\r\n\r\nbody";
    CHECK(frame(folded + message, 7).items == Items{folded, message});
    // What only looks like one, within another field's fold, is none.
    const auto hidden = head + "X: y\r\n Content-Length: 4\r\nl: 0\r\n\r\n";
    CHECK(frame(hidden + message, 7).items == Items{hidden, message});
}

TEST_CASE("stream: the limit of a message, at it and one over", "[sip]") {
    const auto sized = [](std::size_t size) {
        std::string out = head + "l: " + std::to_string(size) + "\r\n\r\n";
        const auto body = size - out.size();
        out = head + "l: " + std::to_string(body) + "\r\n\r\n";
        return out + std::string(body, 'x');
    };
    const auto at = sized(limits::message_bytes);
    REQUIRE(at.size() == limits::message_bytes);
    CHECK(frame(at, 1000).items == Items{at});
    CHECK(frame(sized(limits::message_bytes + 1), 1000).fault == Fault::message_too_long);
    // Headers without an end.
    const auto endless = head + "X: " + std::string(limits::message_bytes, 'x');
    CHECK(frame(endless.substr(0, limits::message_bytes), 1000).fault == std::nullopt);
    CHECK(frame(endless, 1000).fault == Fault::message_too_long);
}

TEST_CASE("stream: bytes handed out are given back", "[sip]") {
    StreamFramer framer;
    for (int i = 0; i < 10'000; ++i) {
        framer.add(message);
        REQUIRE(framer.next()->has_value());
        REQUIRE_FALSE(framer.next()->has_value());
    }
    CHECK(framer.pending() == 0);
}
