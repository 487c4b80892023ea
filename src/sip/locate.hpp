// sip/locate.hpp: finds where requests for a URI go (RFC 3263). It asks the questions and is told
// the answers; it knows no resolver. Answers are kept for their time.
#pragma once
#include "base/deadlines.hpp"
#include "base/random.hpp"
#include "sip/dns.hpp"
#include "sip/location_rules.hpp"
#include "sip/slots.hpp"

#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::sip {

using LookupId = Id<struct LookupTag>;

/// The outcome of a lookup. No location: the name leads nowhere, or nobody could say.
struct Located {
    LookupId lookup;
    std::vector<Location> locations;
};

/// Answers by name, each until its time is over; the one used longest ago gives way at the limit.
class DnsCache {
public:
    static constexpr std::size_t most = 1024;

    const DnsAnswer* find(const DnsName& name, Instant now);
    void keep(const DnsName& name, DnsAnswer answer, Instant now);
    std::size_t size() const { return entries_.size(); }

private:
    struct Entry {
        DnsName name;
        DnsAnswer answer;
        Instant until;
    };
    std::list<Entry> entries_;  // the last used first
    std::map<DnsName, std::list<Entry>::iterator> by_name_;
};

class Locator {
public:
    static constexpr std::size_t most_lookups = 512;
    static constexpr std::size_t most_questions = 2048;
    static constexpr std::size_t questions_per_lookup = 64;

    Locator(LocationSettings settings, Deadlines& deadlines, Random& random);

    /// Begins a lookup; its outcome comes by `next_located`, maybe at once. Zero at the limit.
    LookupId locate(std::string_view uri, Instant now);
    void answer(QuestionId question, DnsAnswer answer, Instant now);
    /// Nobody answered (owner lookup).
    void deadline(const DeadlineKey& key, Instant now);

    /// What the host must ask. Two lookups that need the same ask once.
    std::optional<DnsQuestion> next_question();
    std::optional<Located> next_located();

    std::size_t waiting() const { return lookups_.size(); }
    const DnsCache& cache() const { return cache_; }

private:
    struct Lookup {
        std::optional<LocationRules> rules;
        DnsKnowledge known;
        void reset() { *this = {}; }
    };
    struct Question {
        DnsName name;
        std::vector<LookupId> waiting;
        Timer timer;
        void reset() { *this = {}; }
    };

    void go_on(LookupId id, Instant now);
    /// False at the limit of questions: it counts as not there.
    bool ask(const DnsName& name, LookupId id, Instant now);
    void finish(LookupId id, std::vector<Location> locations);

    LocationSettings settings_;
    Deadlines& deadlines_;
    Random& random_;
    DnsCache cache_;
    Slots<Lookup, LookupId, most_lookups> lookups_;
    Slots<Question, QuestionId, most_questions> questions_;
    std::map<DnsName, QuestionId> asked_;
    std::deque<DnsQuestion> to_ask_;
    std::deque<Located> located_;
};

}  // namespace holdfast::sip
