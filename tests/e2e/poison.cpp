// tests/e2e/poison.cpp: faults that the shipped engine does not have, for a holdfastd of the tests
// alone: the same rooms and the same main, linked with `--wrap`, so that two functions of the
// floor are called by the engine by way of these. The names behind asm() are the compiler's for
// them; where one no longer fits, nothing is wrapped, nothing dies, and the test says so.
#include "acd/floor.hpp"

#include <cstdlib>

// NOLINTBEGIN
namespace {

using namespace holdfast;

constexpr std::string_view poisoned_invite = "0306660001";  // ends the daemon before it is a call
constexpr std::string_view poisoned_call = "0306660002";    // does so at its next deadline

}  // namespace

CallId real_arrived(acd::Floor*, const acd::Arrival&, acd::When) asm(
    "__real__ZN8holdfast3acd5Floor14caller_arrivedERKNS0_7ArrivalENS0_4WhenE");
CallId wrapped_arrived(acd::Floor*, const acd::Arrival&, acd::When) asm(
    "__wrap__ZN8holdfast3acd5Floor14caller_arrivedERKNS0_7ArrivalENS0_4WhenE");

CallId wrapped_arrived(acd::Floor* floor, const acd::Arrival& arrival, acd::When when) {
    if (arrival.number == poisoned_invite) std::abort();
    return real_arrived(floor, arrival, when);
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
