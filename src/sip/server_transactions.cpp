// The server half of the transaction layer: RFC 3261 17.2.
#include "base/ascii.hpp"
#include "sip/response_route.hpp"
#include "sip/token.hpp"
#include "sip/transactions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace holdfast::sip {
namespace {

/// RFC 3261 17.2.3. A cookie with nothing behind it identifies nothing (RFC 4475 3.2.1).
bool has_rfc3261_branch(const Message& request) {
    const std::string_view branch = request.via().branch;
    return branch.size() > magic_cookie.size() && starts_with_nocase(branch, magic_cookie);
}

/// What two messages of one transaction have in common. `method` is that of the request the
/// transaction was made by: INVITE also for its ACK and for the CANCEL that means it.
void write_key(std::string& key, const Message& request, std::string_view method) {
    key.assign(method);
    const auto add = [&key](std::string_view part) { (key += '\n') += part; };
    if (has_rfc3261_branch(request)) {
        const Via& via = request.via();
        add(via.branch);
        fmt::format_to(std::back_inserter(key), "\n{}\n", via.port);
        std::ranges::transform(via.host, std::back_inserter(key), to_lower);
        return;
    }
    // RFC 2543: Request-URI, From tag, Call-ID, CSeq and topmost Via; the To tag is compared later.
    add(request.request_uri_text());
    add(request.from_tag());
    add(request.call_id());
    fmt::format_to(std::back_inserter(key), "\n{}", request.cseq().number);
    add(*request.values(Header::via).begin());
}

/// RFC 3261 8.2.2.2: what says that two requests are one that came by two ways.
void write_merged_key(std::string& key, const Message& request) {
    key = fmt::format("{}\n{}\n{} {}",
                      request.from_tag(),
                      request.call_id(),
                      request.cseq().number,
                      request.cseq().method_text);
}

/// The largest response buffer a free slot keeps.
constexpr std::size_t kept_buffer = 2048;

void let_go(std::string& buffer) {
    std::string{}.swap(buffer);
}

void shrink(std::string& buffer) {
    if (buffer.capacity() > kept_buffer) let_go(buffer);
}

}  // namespace

/// Performs what a row of a server machine orders.
struct ServerRoom {
    Transactions& layer;
    TransactionId id;
    ServerTransaction& transaction;

    bool holds(invite_server::Guard) const { return false; }
    bool holds(other_server::Guard) const { return false; }

    void arm(TransactionTimer timer, Micros after) {
        const DeadlineKey key{DeadlineOwner::transaction, timer.byte(), id.value};
        layer.deadlines_.arm(transaction.timers[timer.timer], layer.now_ + after, key);
    }

    void start(invite_server::Timer timer) {
        using enum invite_server::Timer;
        const TransactionTimer named{TransactionTimer::invite_server,
                                     static_cast<std::uint8_t>(timer)};
        auto& interval = transaction.interval;
        switch (timer) {
            case timer_g:
                if (reliable(transaction.source)) return;
                interval = interval == Micros{} ? layer.spans_.t1
                                                : std::min(2 * interval, layer.spans_.t2);
                return arm(named, interval);
            case timer_i:
                return arm(named, reliable(transaction.source) ? 0s : layer.spans_.t4);
            case timer_h:
            case timer_l:
                return arm(named, layer.spans_.patience());
        }
    }
    void start(other_server::Timer timer) {
        using enum other_server::Timer;
        const TransactionTimer named{TransactionTimer::other_server,
                                     static_cast<std::uint8_t>(timer)};
        const bool at_once = timer == timer_j && reliable(transaction.source);
        arm(named, at_once ? 0s : layer.spans_.patience());
    }
    void stop(invite_server::Timer timer) { stop(static_cast<std::size_t>(timer)); }
    void stop(other_server::Timer timer) { stop(static_cast<std::size_t>(timer)); }
    void stop(std::size_t timer) { layer.deadlines_.stop(transaction.timers[timer]); }

    bool acked = false;
    void send_response() {
        if (transaction.status != 0) layer.outbox_.add(transaction.reply, transaction.response);
    }
    void perform(invite_server::Action action) {
        switch (action) {
            case invite_server::send_response:
                return send_response();
            case invite_server::tell_ack:
                acked = true;
        }
    }
    void perform(other_server::Action) { send_response(); }
};

bool Transactions::run(TransactionId id, invite_server::Machine::Cause cause) {
    auto* transaction = servers_.find(id);
    if (transaction == nullptr || transaction->terminated()) return false;
    ServerRoom room{*this, id, *transaction};
    step<invite_server::Machine>(transaction->invite_state, cause, room);
    if (transaction->terminated()) ended_servers_.push_back(id);
    return room.acked;
}

void Transactions::run(TransactionId id, other_server::Machine::Cause cause) {
    auto* transaction = servers_.find(id);
    if (transaction == nullptr || transaction->terminated()) return;
    ServerRoom room{*this, id, *transaction};
    step<other_server::Machine>(transaction->state, cause, room);
    if (transaction->terminated()) ended_servers_.push_back(id);
}

TransactionId Transactions::server_of(std::string_view key) {
    const auto slot = by_key_.find(keyed_hash(hash_key_, key),
                                   [&](std::uint32_t at) { return servers_.at(at).key == key; });
    return slot ? servers_.id_at(*slot) : TransactionId{};
}

RequestMatch Transactions::take_request(const Message& request) {
    using enum RequestMatch::What;
    const bool is_ack = request.method() == Method::ack;
    write_key(key_, request, is_ack ? text_of(Method::invite) : request.method_text());
    const TransactionId id = server_of(key_);
    auto* transaction = servers_.find(id);
    if (transaction == nullptr) return {is_ack ? ack : fresh, {}};
    if (is_ack) {
        // 17.2.3: without a branch, an ACK is known by the tag of the response it is for.
        if (transaction->rfc2543 && request.to_tag() != transaction->local_tag) return {ack, {}};
        return run(id, invite_server::ack) ? RequestMatch{ack, id} : RequestMatch{absorbed, id};
    }
    if (transaction->is_invite())
        run(id, invite_server::request);
    else
        run(id, other_server::request);
    return {absorbed, id};
}

bool Transactions::merged(const Message& request) {
    if (!request.to_tag().empty()) return false;
    write_merged_key(key_, request);
    return by_merged_
        .find(keyed_hash(hash_key_, key_),
              [&](std::uint32_t at) { return servers_.at(at).merged == key_; })
        .has_value();
}

void Transactions::index(TransactionId id, const ServerTransaction& transaction) {
    const auto slot = servers_.index_of(id);
    by_key_.insert(keyed_hash(hash_key_, transaction.key), slot);
    if (!transaction.merged.empty())
        by_merged_.insert(keyed_hash(hash_key_, transaction.merged), slot);
}

bool Transactions::has_room_for(const Message& request) const {
    const bool known = !request.to_tag().empty() || request.method() == Method::cancel;
    return servers_.size() < (known ? most_servers : most_strangers) &&
           clients_.size() + servers_.size() < most;
}

TransactionId Transactions::open(const Message& request,
                                 const Hop& from,
                                 std::string_view local_tag) {
    if (!has_room_for(request)) return {};
    const TransactionId id = servers_.take();
    auto& transaction = *servers_.find(id);
    transaction.method = request.method();
    transaction.source = from;
    transaction.reply = response_hop(request, from);
    transaction.local_tag = local_tag;
    transaction.in_dialog = !request.to_tag().empty();
    transaction.rfc2543 = !has_rfc3261_branch(request);
    transaction.interval = {};
    write_key(transaction.key, request, request.method_text());
    if (!transaction.in_dialog) write_merged_key(transaction.merged, request);
    append_response_head(transaction.head, request, from);
    if (transaction.is_invite())
        transaction.timestamp = request.first(Header::timestamp).value_or("");
    index(id, transaction);
    if (!transaction.is_invite())
        ServerRoom{*this, id, transaction}.start(other_server::unanswered);
    return id;
}

TransactionId Transactions::restore(const ServerTransaction& kept) {
    if (clients_.size() + servers_.size() >= most) return {};
    const TransactionId id = servers_.take();
    auto& transaction = *servers_.find(id);
    transaction = kept;
    transaction.timers = {};
    index(id, transaction);
    if (transaction.invite_state == invite_server::accepted)
        ServerRoom{*this, id, transaction}.start(invite_server::timer_l);
    return id;
}

TransactionId Transactions::cancelled_by(const Message& cancel) {
    write_key(key_, cancel, text_of(Method::invite));
    return server_of(key_);
}

Writer Transactions::begin(TransactionId id, int status, std::string_view reason) {
    const auto* transaction = servers_.find(id);
    ensure(transaction != nullptr, "a response is for a transaction");
    scratch_.clear();
    begun_status_ = status;
    Writer writer{scratch_};
    writer.response(status, reason);
    scratch_ += transaction->head;
    if (status > 100 && !transaction->in_dialog && !transaction->local_tag.empty())
        (scratch_ += ";tag=") += transaction->local_tag;
    scratch_ += "\r\n";
    return writer;
}

void Transactions::commit(TransactionId id) {
    auto& transaction = *servers_.find(id);
    if (transaction.status >= 200) return;  // it was answered: the first final response stands
    const int status = begun_status_;
    transaction.status = status;
    transaction.response.swap(scratch_);
    if (!transaction.is_invite())
        run(id, status < 200 ? other_server::provisional_sent : other_server::final_sent);
    else if (status < 200)
        run(id, invite_server::provisional_sent);
    else
        run(id, status < 300 ? invite_server::success_sent : invite_server::failure_sent);
    if (status >= 200) let_go(transaction.head);  // no other response follows a final one
    shrink(scratch_);
}

void Transactions::acknowledged(TransactionId id) {
    if (auto* transaction = servers_.find(id)) let_go(transaction->response);
}

void Transactions::resend(TransactionId id) {
    const auto* transaction = servers_.find(id);
    if (transaction == nullptr || !transaction->is_invite()) return;
    run(id,
        transaction->status < 200 ? invite_server::provisional_sent : invite_server::success_sent);
}

}  // namespace holdfast::sip
