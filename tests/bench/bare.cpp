// tests/bench/bare.cpp: what surviving costs. The shipped engine and main, linked with `--wrap`, so
// that nothing is kept: no records for the journal, none in it, no rows for the ledger. Its calls
// go on as ever, and die with it. HOLDFAST_BARE says what is left out: "all", "ledger", or
// "nothing", which shows what the wrapping itself costs.
#include "acd/floor.hpp"
#include "host/journal/journal.hpp"
#include "sip/user_agent.hpp"

#include <cstdlib>
#include <string_view>

// NOLINTBEGIN
namespace {

using namespace holdfast;

bool leaves_out(std::string_view what) {
    static const char* const said = std::getenv("HOLDFAST_BARE");
    const std::string_view bare = said == nullptr ? "all" : said;
    return bare == "all" || bare == what;
}

}  // namespace

#define WRAPPED(result, name, symbol, ...)                 \
    result real_##name(__VA_ARGS__) asm("__real_" symbol); \
    result wrapped_##name(__VA_ARGS__) asm("__wrap_" symbol);

WRAPPED(acd::Changed, floor, "_ZN8holdfast3acd5Floor12take_changedEv", acd::Floor*)
acd::Changed wrapped_floor(acd::Floor* floor) {
    auto changed = real_floor(floor);
    if (leaves_out("journal")) return {};
    if (leaves_out("ledger")) changed.rows.clear();
    return changed;
}

WRAPPED(std::vector<SessionId>,
        sessions,
        "_ZN8holdfast3sip9UserAgent15changed_recordsEv",
        sip::UserAgent*)
std::vector<SessionId> wrapped_sessions(sip::UserAgent* agent) {
    auto changed = real_sessions(agent);
    if (leaves_out("journal")) changed.clear();
    return changed;
}

WRAPPED(bool,
        put,
        "_ZN8holdfast4host7Journal3putEhmSt17basic_string_viewIcSt11char_traitsIcEE",
        host::Journal*,
        std::uint8_t,
        std::uint64_t,
        std::string_view)
bool wrapped_put(host::Journal* journal, std::uint8_t kind, std::uint64_t id, std::string_view s) {
    return leaves_out("journal") || real_put(journal, kind, id, s);
}

WRAPPED(void,
        forget,
        "_ZN8holdfast4host7Journal6forgetEhm",
        host::Journal*,
        std::uint8_t,
        std::uint64_t)
void wrapped_forget(host::Journal* journal, std::uint8_t kind, std::uint64_t id) {
    if (!leaves_out("journal")) real_forget(journal, kind, id);
}

WRAPPED(void, commit, "_ZN8holdfast4host7Journal6commitEv", host::Journal*)
void wrapped_commit(host::Journal* journal) {
    if (!leaves_out("journal")) real_commit(journal);
}
// NOLINTEND
