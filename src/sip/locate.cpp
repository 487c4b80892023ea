#include "sip/locate.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::sip {
namespace {

constexpr Micros patience = 10s;  // a resolver of its own gives up earlier
constexpr std::uint32_t longest_found_s = 86'400;
constexpr std::uint32_t longest_nothing_s = 300;
constexpr std::size_t most_records = 32;

template <class List>
void cut(List& list) {
    if (list.size() > most_records) list.resize(most_records);
}

}  // namespace

const DnsAnswer* DnsCache::find(const DnsName& name, Instant now) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return nullptr;
    if (found->second->until <= now) {
        entries_.erase(found->second);
        by_name_.erase(found);
        return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->answer;
}

void DnsCache::keep(const DnsName& name, DnsAnswer answer, Instant now) {
    if (answer.status == DnsAnswer::Status::failed || answer.ttl_s == 0) return;
    const auto longest =
        answer.status == DnsAnswer::Status::found ? longest_found_s : longest_nothing_s;
    const Instant until = now + std::chrono::seconds{std::min(answer.ttl_s, longest)};
    if (const auto known = by_name_.find(name); known != by_name_.end()) {
        entries_.erase(known->second);
        by_name_.erase(known);
    }
    if (entries_.size() == most) {
        by_name_.erase(entries_.back().name);
        entries_.pop_back();
    }
    entries_.push_front({name, std::move(answer), until});
    by_name_[name] = entries_.begin();
}

Locator::Locator(LocationSettings settings, Deadlines& deadlines, Random& random)
    : settings_{settings}, deadlines_{deadlines}, random_{random} {}

LookupId Locator::locate(std::string_view uri, Instant now) {
    if (lookups_.full()) return {};
    const LookupId id = lookups_.take();
    lookups_.find(id)->rules = LocationRules::of(uri, settings_);
    go_on(id, now);
    return id;
}

void Locator::go_on(LookupId id, Instant now) {
    Lookup& lookup = *lookups_.find(id);
    if (!lookup.rules) return finish(id, {});
    for (;;) {
        const auto missing = lookup.rules->missing(lookup.known);
        if (missing.empty()) return finish(id, lookup.rules->locations(lookup.known, random_));
        bool learned = false;
        for (const DnsName& name : missing) {
            const DnsAnswer* cached = cache_.find(name, now);
            const bool enough = lookup.known.size() >= questions_per_lookup;
            if (cached != nullptr || enough) {
                // What a lookup may not ask any more counts as not there.
                lookup.known[name] = cached != nullptr ? *cached : DnsAnswer{};
                learned = true;
            }
        }
        if (learned) continue;
        bool asked = false;
        for (const DnsName& name : missing)
            asked = ask(name, id, now) || asked;
        if (asked) return;
    }
}

bool Locator::ask(const DnsName& name, LookupId id, Instant now) {
    auto found = asked_.find(name);
    if (found == asked_.end()) {
        if (questions_.full()) {
            lookups_.find(id)->known[name] = {};
            return false;
        }
        const QuestionId question = questions_.take();
        Question& fresh = *questions_.find(question);
        fresh.name = name;
        deadlines_.arm(fresh.timer, now + patience, {DeadlineOwner::lookup, 0, question.value});
        found = asked_.emplace(name, question).first;
        to_ask_.push_back({question, name});
    }
    auto& waiting = questions_.find(found->second)->waiting;
    if (std::ranges::find(waiting, id) == waiting.end()) waiting.push_back(id);
    return true;
}

void Locator::answer(QuestionId id, DnsAnswer answer, Instant now) {
    Question* question = questions_.find(id);
    if (question == nullptr) return;  // too late
    cut(answer.naptr), cut(answer.srv), cut(answer.addresses);
    deadlines_.stop(question->timer);
    const auto waiting = std::move(question->waiting);
    const DnsName name = std::move(question->name);
    asked_.erase(name);
    questions_.give_back(id);
    cache_.keep(name, answer, now);
    for (const LookupId lookup : waiting) {
        Lookup* asker = lookups_.find(lookup);
        if (asker == nullptr) continue;
        asker->known[name] = answer;
        go_on(lookup, now);
    }
}

void Locator::deadline(const DeadlineKey& key, Instant now) {
    answer(QuestionId{key.id}, {}, now);
}

void Locator::finish(LookupId id, std::vector<Location> locations) {
    lookups_.give_back(id);
    located_.push_back({id, std::move(locations)});
}

std::optional<DnsQuestion> Locator::next_question() {
    if (to_ask_.empty()) return std::nullopt;
    auto question = std::move(to_ask_.front());
    to_ask_.pop_front();
    return question;
}

std::optional<Located> Locator::next_located() {
    if (located_.empty()) return std::nullopt;
    auto located = std::move(located_.front());
    located_.pop_front();
    return located;
}

}  // namespace holdfast::sip
