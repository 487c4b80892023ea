#include "engine/refusals.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::engine {
namespace {

// RFC 3261 17.1.1.2: an INVITE is repeated for 64 T1 on UDP.
constexpr Micros repeated_for = 32s;

}  // namespace

void Refusals::note(SessionId session, int status) {
    const auto record = context_.sip.record(session);
    if (!record) return;
    const auto& dialog = record->dialog;
    refused_.push_back({next_++,
                        dialog.call_id,
                        dialog.remote_tag,
                        dialog.remote_cseq,
                        static_cast<std::uint16_t>(status),
                        context_.now + repeated_for});
    changed_.push_back(refused_.back().id);
}

int Refusals::status_of(const sip::Message& invite) const {
    const auto it = std::ranges::find_if(before_, [&](const RefusedInvite& refused) {
        return refused.call_id == invite.call_id() && refused.tag == invite.from_tag() &&
               refused.cseq == invite.cseq().number;
    });
    return it == before_.end() || it->until <= context_.now ? 0 : it->status;
}

void Refusals::restore(const RefusedInvite& refused) {
    before_.push_back(refused);
    next_ = std::max(next_, refused.id + 1);
}

std::vector<std::uint64_t> Refusals::take_changed() {
    for (auto* kept : {&before_, &refused_})
        while (!kept->empty() && (kept->front().until <= context_.now || kept->size() > most)) {
            changed_.push_back(kept->front().id);
            kept->pop_front();
        }
    return std::exchange(changed_, {});
}

const RefusedInvite* Refusals::find(std::uint64_t id) const {
    for (const auto* kept : {&before_, &refused_})
        if (const auto it = std::ranges::lower_bound(*kept, id, {}, &RefusedInvite::id);
            it != kept->end() && it->id == id)
            return &*it;
    return nullptr;
}

}  // namespace holdfast::engine
