// engine/refusals.hpp: INVITEs that were refused a moment ago. Whoever has not heard of it asks
// again, and must not be taken for somebody new by a life that begins in between: the ledger has
// the journey of the refused one already.
#pragma once
#include "engine/context.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace holdfast::engine {

/// What an INVITE and its repetitions have in common, and how it was answered.
struct RefusedInvite {
    std::uint64_t id = 0;
    std::string call_id, tag;
    std::uint32_t cseq = 0;
    std::uint16_t status = 0;
    Instant until{};
};

class Refusals {
public:
    /// 100 calls a second, the settings' default limit, for the 32 s that an INVITE is repeated:
    /// 3,200; doubled and more. Above it the oldest are let go of.
    static constexpr std::size_t most = 8'192;

    explicit Refusals(Context& context) : context_{context} {}

    /// An INVITE that is about to be refused.
    void note(SessionId session, int status);
    /// How an INVITE of the life before was refused that comes again; 0: it was not.
    int status_of(const sip::Message& invite) const;
    void restore(const RefusedInvite& refused);

    /// Those whose record is to be written, or to be forgotten.
    std::vector<std::uint64_t> take_changed();
    const RefusedInvite* find(std::uint64_t id) const;

private:
    Context& context_;
    std::deque<RefusedInvite> refused_;  // the oldest first
    std::deque<RefusedInvite> before_;   // of the life before
    std::vector<std::uint64_t> changed_;
    std::uint64_t next_ = 1;
};

}  // namespace holdfast::engine
