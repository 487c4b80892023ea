// REFER outside of a call (RFC 3515, 4538), in virtual time.
#include "sim/desk.hpp"

using namespace holdfast;
using namespace holdfast::sim;

SCENARIO("a phone passes its caller on by a REFER outside of the call", "[sim]") {
    Desk d;
    const bool silent = GENERATE(false, true);
    const auto refer = [&](const char* number) {
        d.phone(0).refer_outside(d.phone(0).target_dialog(0), number, silent, d.w.now);
        d.w.run(1s);
        const auto& told = d.phone(0).notified();
        CHECK(std::ranges::find(told, "REFER 202") != told.end());
        CHECK(told.size() == (silent ? 1 : 2));
    };
    const auto told = [&](const char* line) {
        const auto& all = d.phone(0).notified();
        CHECK(silent == (std::ranges::find(all, line) == all.end()));
    };
    GIVEN("a colleague who answers") {
        refer("2102");
        told("SIP/2.0 100 Trying");
        d.w.run(3s);
        THEN("the caller is that colleague's, as by a REFER in the call") {
            CHECK(d.w.agent_state(0) == "wrapping");
            CHECK(d.w.agent_state(1) == "talking");
            CHECK(d.phone(0).calls() == 0);
            CHECK(d.close() == then({"transferring", "talking"}));
        }
    }
    GIVEN("a queue, and the process that dies on the way") {
        refer("200");
        told("SIP/2.0 200 OK");
        d.w.crash(300ms);
        d.w.run(4s);
        CHECK(d.w.agent_state(1) == "talking");
        CHECK(d.close() == then({"queued", "ringing", "talking"}));
    }
    GIVEN("nobody") {
        refer("nobody");
        told("SIP/2.0 404 Not Found");
        CHECK(d.w.agent_state(0) == "talking");
        d.close();
    }
}

SCENARIO("a REFER outside of a call that is nobody's to send", "[sim]") {
    Desk d;
    const auto own = d.phone(0).target_dialog(0);
    const auto [phone, target] = GENERATE_COPY(table<std::size_t, std::string>({
        {0, ""},
        {0, "nonsense"},
        {0, "another@call;local-tag=1;remote-tag=2"},
        {1, own},  // another phone's call
    }));
    CAPTURE(phone, target);
    d.phone(phone).refer_outside(target, "2102", false, d.w.now);
    d.w.run(1s);
    CHECK(d.phone(phone).notified() == Lines{"REFER 403"});
    CHECK(d.w.agent_state(0) == "talking");
    d.close();
}
