// Our registration at a trunk: RFC 3261 10.2, RFC 5626 4.5.
#include "sip/registration.hpp"

#include "support/machine_walk.hpp"
#include "unit/sip/agent.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::sip;
using namespace holdfast::sip::test;

namespace {

RegistrationSettings trunk() {
    RegistrationSettings settings;
    settings.id = 3;
    settings.registrar_uri = "sip:trunk.example";
    settings.aor = "sip:acd@trunk.example";
    settings.expires_s = 1800;
    const Endpoint second{IpAddress::v4(192, 0, 2, 22), 5060};
    settings.targets = {{udp_hop(there), {}, "<sip:acd@192.0.2.10:5060>"},
                        {udp_hop(second), {}, "<sip:acd@192.0.2.10:5060>"}};
    return settings;
}

struct Line {
    std::unique_ptr<Deadlines> deadlines{new Deadlines};
    Random random = Random::from(9);
    Registration registration{trunk(), *deadlines, random};
    Instant now{10s};
    std::optional<RequestOrder> last;

    /// The order that is due now, else nothing.
    std::optional<RequestOrder> order() {
        const auto next = registration.next_request();
        if (next) last = next;
        return next;
    }
    void answer(int status, std::string_view fields = {}) {
        REQUIRE(last);
        const auto text = fmt::format(
            "SIP/2.0 {} X\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\n"
            "To: <sip:a@b>;tag=2\r\nCall-ID: c\r\nCSeq: {} REGISTER\r\n{}"
            "Content-Length: 0\r\n\r\n",
            status,
            last->cseq,
            fields);
        Message message;
        REQUIRE(message.read(text));
        registration.answered(status, &message, now);
    }
    void silence() { registration.answered(408, nullptr, now); }
    void start() {
        registration.start(now);
        REQUIRE(order());
    }
    void advance(Micros span) {
        now += span;
        while (const auto due = deadlines->pop(now))
            registration.deadline(due->key, now);
    }
    std::string expires() const { return last->extra.at(0).value; }
};

using What = RegistrationNews::What;

}  // namespace

TEST_CASE("registration: every row is taken, every name used", "[sip][registration][machine]") {
    holdfast::test::check_table<registration::Machine>();
}

TEST_CASE("registered, and refreshed before the end", "[sip][registration]") {
    Line line;
    line.start();
    CHECK(line.last->request_uri == "sip:trunk.example");
    CHECK(line.expires() == "1800");
    const auto first = *line.last;
    // 10.2.4: the time of our Contact counts, not that of another one.
    line.answer(200,
                "Contact: <sip:other@h>;expires=60, <sip:acd@192.0.2.10:5060>;expires=1500\r\n"
                "Expires: 77\r\n");
    const auto news = line.registration.next_news();
    REQUIRE(news);
    CHECK(news->what == What::registered);
    CHECK(news->until == line.now + 1500s);
    line.advance(899s);
    CHECK_FALSE(line.order());
    line.advance(1s);
    REQUIRE(line.order());
    CHECK(line.last->call_id == first.call_id);
    CHECK(line.last->cseq > first.cseq);
    // A short interval is refreshed half-way.
    line.answer(200, "Expires: 100\r\n");
    line.advance(50s);
    CHECK(line.order());
}

TEST_CASE("423 raises what we ask for (10.2.8)", "[sip][registration]") {
    Line line;
    line.start();
    line.answer(423, "Min-Expires: 3600\r\n");
    REQUIRE(line.order());
    CHECK(line.expires() == "3600");
    line.answer(423, "Min-Expires: 3600\r\n");  // no more than that
    CHECK_FALSE(line.order());
    CHECK(line.registration.state() == registration::waiting);
}

TEST_CASE("the next target is tried; after all, a wait that doubles (RFC 5626 4.5)",
          "[sip][registration]") {
    Line line;
    line.start();
    CHECK(line.last->target == udp_hop(there));
    Micros most{30s};
    for (int round = 0; round < 8; ++round) {
        CAPTURE(round);
        line.silence();
        REQUIRE(line.order());
        CHECK(line.last->target.remote.address == IpAddress::v4(192, 0, 2, 22));
        line.answer(503);
        const auto news = line.registration.next_news();
        REQUIRE(news);
        CHECK(news->what == What::failed);
        CHECK(news->status == 503);
        most = std::min<Micros>(2 * most, 1800s);
        CHECK(news->until - line.now >= most / 2);
        CHECK(news->until - line.now <= most);
        line.advance(news->until - line.now - 1us);
        CHECK_FALSE(line.order());
        line.advance(1us);
        REQUIRE(line.order());
        CHECK(line.last->target == udp_hop(there));
    }
    line.answer(200);
    line.advance(1800s);
    REQUIRE(line.order());
    line.answer(403);
    while (const auto news = line.registration.next_news())
        if (news->what == What::failed && news->status == 403)
            CHECK(news->until - line.now <= 60s);  // success has cleared the count
}

TEST_CASE("Retry-After is kept (20.33)", "[sip][registration]") {
    Line line;
    line.start();
    line.answer(403, "Retry-After: 600 (maintenance)\r\n");
    CHECK(line.registration.next_news()->until >= line.now + 600s);
}

TEST_CASE("stop removes the binding; one request at a time (10.2)", "[sip][registration]") {
    const bool under_way = GENERATE(false, true), again = GENERATE(false, true);
    Line line;
    line.start();
    if (!under_way) line.answer(200);
    line.registration.stop(line.now);
    CHECK(line.order().has_value() != under_way);
    if (under_way) line.answer(200);
    CHECK(line.order().has_value() == under_way);
    CHECK(line.expires() == "0");
    while (line.registration.next_news()) {}
    if (again) {
        line.registration.start(line.now);
        CHECK_FALSE(line.order());
        line.answer(200);
        REQUIRE(line.order());
        CHECK(line.expires() == "1800");
        return;
    }
    line.answer(200);
    CHECK(line.registration.next_news()->what == What::gone);
    CHECK(line.registration.state() == registration::idle);
    CHECK(line.registration.bound_until() < line.now);
    CHECK(line.deadlines->size() == 0);
}

TEST_CASE("stop while waiting, and an answer that comes too late", "[sip][registration]") {
    Line line;
    line.start();
    line.answer(403);
    line.registration.next_news();
    line.registration.stop(line.now);
    CHECK(line.registration.next_news()->what == What::gone);
    CHECK_FALSE(line.order());
    line.answer(200);
    CHECK(line.registration.state() == registration::idle);
    CHECK(line.deadlines->size() == 0);
}

TEST_CASE("a registration through the user agent, challenged", "[sip][registration]") {
    Agent agent;
    Peer peer;
    auto settings = trunk();
    settings.credentials = {"acd", "secret", "trunk.example"};
    std::unique_ptr<Deadlines> deadlines{new Deadlines};
    Random random = Random::from(9);
    Registration registration{settings, *deadlines, random};
    registration.start(agent.now);
    agent.ua().request(*registration.next_request(), agent.now);
    agent.finish();
    const auto plain = agent.taken().at(0).bytes;
    CHECK(plain.starts_with("REGISTER sip:trunk.example SIP/2.0"));
    agent.take(peer.response(
        plain,
        401,
        "WWW-Authenticate: Digest realm=\"trunk.example\", nonce=\"n\", qop=\"auth\"\r\n"));
    const auto answered = agent.taken().at(0).bytes;
    const auto ok = peer.response(answered, 200, "Expires: 600\r\n");
    agent.take(ok);
    Message message;
    REQUIRE(message.read(ok));
    registration.answered(agent.told().at(0).status, &message, agent.now);
    CHECK(registration.next_news()->what == What::registered);
    registration.deadline(deadlines->pop(never)->key, agent.now);
    // The number that the challenge used up is not used again.
    CHECK(registration.next_request()->cseq > message.cseq().number);
}
