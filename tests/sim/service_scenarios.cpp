// Every leg to the outside passes the class of service, whoever causes it and by whatever means; in
// virtual time. The class allows numbers that begin with 0.
#include "sim/desk.hpp"

using namespace holdfast;
using namespace holdfast::sim;

namespace {

struct Case {
    const char* means;
    void (*act)(Desk&);
    int outside;  ///< Calls that reach the carrier.
};

peers::Manner forwarding() {
    return {.rejects_with = 302, .talks_for = 0s};
}

const Case cases[] = {
    {"dialled, allowed", [](Desk& d) { d.phone(1).dial("0301112", d.w.now); }, 1},
    {"dialled", [](Desk& d) { d.phone(1).dial("1900123", d.w.now); }, 0},
    {"dialled beside a caller", [](Desk& d) { d.phone(0).dial("1900123", d.w.now); }, 0},
    {"REFER, allowed", [](Desk& d) { d.phone(0).pass_on(0, "0301112", false, d.w.now); }, 1},
    {"REFER", [](Desk& d) { d.phone(0).pass_on(0, "1900123", false, d.w.now); }, 0},
    {"REFER, and hangs up", [](Desk& d) { d.phone(0).pass_on(0, "1900123", true, d.w.now); }, 0},
    {"REFER with a prefix that digits hide",
     [](Desk& d) { d.phone(0).pass_on(0, "+1900123", false, d.w.now); },
     0},
    {"REFER of a colleague, allowed",
     [](Desk& d) {
         d.phone(1).dial("2103", d.w.now);
         d.w.run(3s);
         d.phone(1).pass_on(0, "0301112", false, d.w.now);
     },
     1},
    {"REFER of a colleague",
     [](Desk& d) {
         d.phone(1).dial("2103", d.w.now);
         d.w.run(3s);
         d.phone(1).pass_on(0, "1900123", false, d.w.now);
     },
     0},
    {"REFER of a colleague by whom it was called",
     [](Desk& d) {
         d.phone(1).dial("2103", d.w.now);
         d.w.run(3s);
         d.phone(2).pass_on(0, "1900123", false, d.w.now);
     },
     0},
    {"INVITE with Replaces of nobody, to a number that may not be called",
     [](Desk& d) { d.phone(1).take_over("nobody;to-tag=a;from-tag=b", d.w.now, "1900123"); },
     0},
    {"INVITE with Replaces of the agent's call, to such a number",
     [](Desk& d) { d.phone(0).take_over(d.phone(0).replaces(0), d.w.now, "1900123"); },
     0},
    {"302 to an offer",
     [](Desk& d) {
         d.phone(1).decide = [](Random&) { return forwarding(); };
         d.phone(2).decide = [](Random&) { return forwarding(); };
         d.w.carrier->call_in("0307654321", "100", {.hangs_up_after = 8s}, d.w.now);
     },
     0},
    {"302 of a colleague who is called",
     [](Desk& d) {
         d.phone(2).decide = [](Random&) { return forwarding(); };
         d.phone(1).dial("2103", d.w.now);
     },
     0},
    {"302 of whom a caller is passed on to",
     [](Desk& d) {
         d.phone(1).decide = [](Random&) { return forwarding(); };
         d.phone(0).pass_on(0, "2102", false, d.w.now);
     },
     0},
    {"302 of the carrier",
     [](Desk& d) {
         d.w.carrier->decide_callee = [](Random&) { return 302; };
         d.phone(1).dial("0301112", d.w.now);
     },
     1},
    {"fetched from the park", [](Desk& d) { d.phone(1).dial("*681900123", d.w.now); }, 0},
    {"sent to the park", [](Desk& d) { d.phone(0).pass_on(0, "*681900123", false, d.w.now); }, 0},
    {"a feature code before it", [](Desk& d) { d.phone(1).dial("*451900123", d.w.now); }, 0},
    {"an emergency number, which passes always",
     [](Desk& d) { d.phone(1).dial("112", d.w.now); },
     1},
};

}  // namespace

SCENARIO("no leg to the outside is made that the agent's class does not allow", "[sim]") {
    const auto& c = GENERATE(from_range(std::begin(cases), std::end(cases)));
    CAPTURE(c.means);
    Desk d{3};
    int outside = 0;
    d.w.carrier->decide_callee = [](Random&) { return 0; };
    c.act(d);
    d.w.carrier->decide_callee = [&outside, before = d.w.carrier->decide_callee](Random& r) {
        ++outside;
        return before(r);
    };
    d.w.run(12s);
    CHECK(outside == c.outside);
    for (auto& phone : d.w.phones)
        phone->hang_up_all(d.w.now);
    d.w.run(1s);
    d.w.carrier->hang_up_all(d.w.now);
    d.w.close();
}
