// tests/e2e/poison.cpp: faults that the shipped engine does not have, for a holdfastd of the tests
// alone: the same rooms and the same main, linked with `--wrap`, so that two functions of its rooms
// are called by way of these, from another room: a call within one is not wrapped. The
// names behind asm() are the compiler's for them; where one no longer fits, nothing is wrapped,
// nothing dies, and the test says so.
#include "acd/floor.hpp"
#include "sip/user_agent.hpp"

#include <cstdlib>

// NOLINTBEGIN
namespace {

using namespace holdfast;

constexpr std::string_view poisoned_invite = "0306660001";  // ends the daemon before it is a call
constexpr std::string_view poisoned_call = "0306660002";    // does so at its next deadline

}  // namespace

void real_take(sip::UserAgent*, std::string_view, const sip::Hop&, Instant, Instant) asm(
    "__real__ZN8holdfast3sip9UserAgent4takeESt17basic_string_viewIcSt11char_traitsIcEERKNS"
    "0_3HopENSt6chrono10time_pointINS_9CallClockENS9_8durationIlSt5ratioILl1ELl1000000EEEEEESG_");
void wrapped_take(sip::UserAgent*, std::string_view, const sip::Hop&, Instant, Instant) asm(
    "__wrap__ZN8holdfast3sip9UserAgent4takeESt17basic_string_viewIcSt11char_traitsIcEERKNS"
    "0_3HopENSt6chrono10time_pointINS_9CallClockENS9_8durationIlSt5ratioILl1ELl1000000EEEEEESG_");

void wrapped_take(sip::UserAgent* agent,
                  std::string_view bytes,
                  const sip::Hop& from,
                  Instant received_at,
                  Instant now) {
    if (bytes.starts_with("INVITE") && bytes.find(poisoned_invite) != bytes.npos) std::abort();
    real_take(agent, bytes, from, received_at, now);
}

void real_deadline(acd::Floor*, const DeadlineKey&, Instant) asm(
    "__real__ZN8holdfast3acd5Floor8deadlineERKNS_11DeadlineKeyENSt6chrono10time_pointINS_"
    "9CallClockENS5_8durationIlSt5ratioILl1ELl1000000EEEEEE");
void wrapped_deadline(acd::Floor*, const DeadlineKey&, Instant) asm(
    "__wrap__ZN8holdfast3acd5Floor8deadlineERKNS_11DeadlineKeyENSt6chrono10time_pointINS_"
    "9CallClockENS5_8durationIlSt5ratioILl1ELl1000000EEEEEE");

void wrapped_deadline(acd::Floor* floor, const DeadlineKey& key, Instant now) {
    if (key.owner == DeadlineOwner::call)
        if (const auto* call = floor->call(CallId{key.id});
            call != nullptr && call->caller_number == poisoned_call)
            std::abort();
    real_deadline(floor, key, now);
}
// NOLINTEND
