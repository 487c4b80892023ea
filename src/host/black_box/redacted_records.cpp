#include "host/black_box/redacted_records.hpp"

#include "engine/records.hpp"
#include "host/black_box/redaction.hpp"

#include <utility>
#include <variant>

namespace holdfast::host {
namespace {

using engine::LiveRecord;
using engine::RecordKind;

void redact(acd::Call& call, std::uint64_t key) {
    call.caller_number = redact_number(call.caller_number, key);
    call.caller_name = redact_name(call.caller_name);
}

void redact(acd::LedgerRow& row, std::uint64_t key) {
    if (auto* const journey = std::get_if<acd::JourneyOpened>(&row.what)) {
        journey->caller_number = redact_number(journey->caller_number, key);
        journey->caller_name = redact_name(journey->caller_name);
    }
}

void redact(sip::SessionRecord& session, std::uint64_t key) {
    for (auto* const party : {&session.dialog.local_party, &session.dialog.remote_party})
        *party = redact_party(*party, key);
    auto& invite = session.invite;
    for (auto* const message : {&invite.request, &invite.response, &invite.head})
        *message = redact_sip(*message, key);
}

template <class Record>
bool redact_as(LiveRecord& record, std::uint64_t key) {
    auto read = engine::read_record<Record>(record.bytes);
    if (!read) return false;
    redact(*read, key);
    record.bytes = engine::write_record(*read);
    return true;
}

/// False where it cannot be read.
bool redact(LiveRecord& record, std::uint64_t key) {
    const auto kind = static_cast<RecordKind>(record.kind);
    if (kind == RecordKind::call) return redact_as<acd::Call>(record, key);
    if (kind == RecordKind::row) return redact_as<acd::LedgerRow>(record, key);
    if (kind == RecordKind::session) return redact_as<sip::SessionRecord>(record, key);
    return true;
}

}  // namespace

std::vector<LiveRecord> redact_records(const std::vector<LiveRecord>& records, std::uint64_t key) {
    std::vector<LiveRecord> all;
    all.reserve(records.size());
    for (const LiveRecord& record : records)
        if (LiveRecord copy = record; redact(copy, key)) all.push_back(std::move(copy));
    return all;
}

}  // namespace holdfast::host
