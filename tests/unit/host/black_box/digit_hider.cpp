#include "host/black_box/digit_hider.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace holdfast;
using namespace holdfast::host;

namespace {

std::string hidden(std::string bytes) {
    hide_digits(bytes);
    return bytes;
}

std::string info(const std::string& type, const std::string& body) {
    return "INFO sip:100@192.0.2.1 SIP/2.0\r\nCall-ID: 4711@192.0.2.3\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("digit hider: which digit it was is gone, and that it was one is not", "[host]") {
    const std::string relay = "application/dtmf-relay", plain = "application/dtmf";
    CHECK(hidden(info(relay, "Signal=5\r\nDuration=160\r\n")) ==
          info(relay, "Signal=0\r\nDuration=160\r\n"));
    CHECK(hidden(info(relay, "Duration=160\nSIGNAL = #\n")) ==
          info(relay, "Duration=160\nSIGNAL = 0\n"));
    CHECK(hidden(info(relay, "Signal=11\r\n")) == info(relay, "Signal=10\r\n"));
    CHECK(hidden(info(plain, "7")) == info(plain, "0"));
    CHECK(hidden(info(plain, "7\r\n")) == info(plain, "0\r\n"));
    // Two messages of a connection, and pieces of one.
    CHECK(hidden(info(plain, "7") + info(plain, "8")) == info(plain, "0") + info(plain, "0"));
    CHECK(hidden("Signal=5\r\nDurat") == "Signal=0\r\nDurat");
    CHECK(hidden("7") == "0");
    const auto other = info("text/plain", "at 7 o'clock, room = 5");
    CHECK(hidden(other) == other);
}

TEST_CASE("digit hider: in inputs that bring bytes", "[host]") {
    const std::string five = "Signal=5\r\n", none = "Signal=0\r\n";
    CHECK(std::get<engine::DatagramReceived>(
              without_digits(engine::DatagramReceived{ListenerId{1}, {}, five}))
              .bytes == none);
    CHECK(std::get<engine::FlowBytes>(without_digits(engine::FlowBytes{FlowId{1}, five})).bytes ==
          none);
    CHECK(std::holds_alternative<engine::Ticked>(without_digits(engine::Ticked{})));
}
