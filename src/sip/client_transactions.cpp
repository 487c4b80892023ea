// The client half of the transaction layer: RFC 3261 17.1.
#include "sip/amend.hpp"
#include "sip/transactions.hpp"

#include <algorithm>
#include <utility>

namespace holdfast::sip {

/// Performs what a row of a client machine orders.
struct ClientRoom {
    Transactions& layer;
    ClientId id;
    ClientTransaction& transaction;
    ClientNews news{};

    bool holds(invite_client::Guard) const { return false; }
    bool holds(other_client::Guard) const { return false; }

    void arm(TransactionTimer timer, Micros after) {
        const DeadlineKey key{DeadlineOwner::transaction, timer.byte(), id.value};
        layer.deadlines_.arm(transaction.timers[timer.timer], layer.now_ + after, key);
    }
    /// Doubles from T1 on, up to `most`; nothing is repeated on a reliable transport.
    void arm_repeat(TransactionTimer timer, Micros most) {
        if (reliable(transaction.request.hop)) return;
        auto& interval = transaction.interval;
        interval = interval == Micros{} ? layer.spans_.t1 : std::min(2 * interval, most);
        arm(timer, interval);
    }

    void start(invite_client::Timer timer) {
        using enum invite_client::Timer;
        const TransactionTimer named{TransactionTimer::invite_client,
                                     static_cast<std::uint8_t>(timer)};
        switch (timer) {
            case timer_a:
                return arm_repeat(named, Micros::max() / 2);  // 17.1.1.2: only timer B ends it
            case timer_d:
                return arm(named, reliable(transaction.request.hop) ? 0s : longest_completed());
            case timer_b:
            case timer_m:
                return arm(named, layer.spans_.patience());
        }
    }
    /// Timer D: at least 32 s, and as long as the peer may repeat its refusal.
    Micros longest_completed() const { return std::max<Micros>(32s, layer.spans_.patience()); }

    void start(other_client::Timer timer) {
        using enum other_client::Timer;
        const TransactionTimer named{TransactionTimer::other_client,
                                     static_cast<std::uint8_t>(timer)};
        switch (timer) {
            case timer_e:  // 17.1.2.2: once a provisional came, every T2
                if (transaction.state == other_client::proceeding)
                    transaction.interval = layer.spans_.t2;
                return arm_repeat(named, layer.spans_.t2);
            case timer_f:
                return arm(named, layer.spans_.patience());
            case timer_k:
                return arm(named, reliable(transaction.request.hop) ? 0s : layer.spans_.t4);
        }
    }
    void stop(invite_client::Timer timer) { stop(static_cast<std::size_t>(timer)); }
    void stop(other_client::Timer timer) { stop(static_cast<std::size_t>(timer)); }
    void stop(std::size_t timer) { layer.deadlines_.stop(transaction.timers[timer]); }

    void tell(ClientNews::What what) { news.what = what; }
    void perform(invite_client::Action action) {
        using enum invite_client::Action;
        switch (action) {
            case send_request:
                return layer.outbox_.add(transaction.request);
            case send_ack:
                return layer.send_refusal_ack(transaction);
            case tell_response:
                return tell(ClientNews::What::response);
            case tell_timeout:
                return tell(ClientNews::What::timed_out);
            case tell_transport_failed:
                return tell(ClientNews::What::unsent);
        }
    }
    void perform(other_client::Action action) {
        using enum other_client::Action;
        switch (action) {
            case send_request:
                return layer.outbox_.add(transaction.request);
            case tell_response:
                return tell(ClientNews::What::response);
            case tell_timeout:
                return tell(ClientNews::What::timed_out);
            case tell_transport_failed:
                return tell(ClientNews::What::unsent);
        }
    }
};

ClientNews Transactions::run(ClientId id, invite_client::Machine::Cause cause) {
    auto* transaction = clients_.find(id);
    if (transaction == nullptr || transaction->terminated()) return {ClientNews::What::nothing, id};
    ClientRoom room{*this, id, *transaction, {ClientNews::What::nothing, id}};
    step<invite_client::Machine>(transaction->invite_state, cause, room);
    if (transaction->terminated()) ended_clients_.push_back(id);
    return room.news;
}

ClientNews Transactions::run(ClientId id, other_client::Machine::Cause cause) {
    auto* transaction = clients_.find(id);
    if (transaction == nullptr || transaction->terminated()) return {ClientNews::What::nothing, id};
    ClientRoom room{*this, id, *transaction, {ClientNews::What::nothing, id}};
    step<other_client::Machine>(transaction->state, cause, room);
    if (transaction->terminated()) ended_clients_.push_back(id);
    return room.news;
}

ClientTransaction* Transactions::add_client(
    Method method, std::string_view branch, Transmit&& request, Owner owner, ClientId& id) {
    if (clients_.size() + servers_.size() >= most) return nullptr;
    id = clients_.take();
    auto& transaction = *clients_.find(id);
    transaction.method = method;
    transaction.owner = owner;
    transaction.request = std::move(request);
    transaction.branch = branch;
    transaction.interval = {};
    by_branch_.insert(keyed_hash(hash_key_, branch), clients_.index_of(id));
    return &transaction;
}

ClientId Transactions::send(Method method, std::string_view branch, Transmit request, Owner owner) {
    ClientId id;
    auto* transaction = add_client(method, branch, std::move(request), owner, id);
    if (transaction == nullptr) return {};
    ClientRoom room{*this, id, *transaction};
    outbox_.add(transaction->request);
    if (transaction->is_invite()) {
        for (const auto timer : {invite_client::timer_a, invite_client::timer_b})
            room.start(timer);
    } else {
        for (const auto timer : {other_client::timer_e, other_client::timer_f})
            room.start(timer);
    }
    return id;
}

ClientId Transactions::restore_invite(std::string_view branch,
                                      Transmit request,
                                      Owner owner,
                                      bool heard) {
    if (!heard) return send(Method::invite, branch, std::move(request), owner);
    ClientId id;
    if (auto* kept = add_client(Method::invite, branch, std::move(request), owner, id))
        kept->invite_state = invite_client::proceeding;
    return id;
}

ClientNews Transactions::take_response(const Message& response) {
    const Method method = response.method();
    const std::string_view branch = response.via().branch;
    // 17.1.3: the branch is that of a request of ours, and so is the method.
    const auto slot = by_branch_.find(keyed_hash(hash_key_, branch), [&](std::uint32_t at) {
        return clients_.at(at).branch == branch && clients_.at(at).method == method;
    });
    if (!slot) return {};
    const ClientId id = clients_.id_at(*slot);
    const int status = response.status();
    if (method != Method::invite)
        return run(id, status < 200 ? other_client::provisional : other_client::final_response);
    if (status < 200) return run(id, invite_client::provisional);
    response_ = &response;
    if (status >= 300) return run(id, invite_client::failure);
    for (const KeptAck& ack : clients_.find(id)->acks)
        if (ack.to_tag == response.to_tag()) {
            outbox_.add(ack.transmit);  // RFC 3261 13.2.2.4: each repetition gets it again
            return {ClientNews::What::nothing, id};
        }
    return run(id, invite_client::success);
}

void Transactions::send_refusal_ack(const ClientTransaction& invite) {
    Message request;
    ensure(request.read(invite.request.bytes).has_value(), "a request of ours can be read");
    Transmit ack{invite.request.hop, {}, invite.request.tls_name};
    print_hop_by_hop(ack.bytes, request, Method::ack, *response_->first(Header::to));
    outbox_.add(std::move(ack));
}

void Transactions::acknowledge(ClientId invite, std::string_view to_tag, Transmit ack) {
    outbox_.add(ack);
    auto* transaction = clients_.find(invite);
    if (transaction != nullptr && transaction->acks.size() < ClientTransaction::most_acks)
        transaction->acks.push_back({std::string{to_tag}, std::move(ack)});
}

void Transactions::abandon(ClientId id) {
    const auto* transaction = clients_.find(id);
    if (transaction == nullptr) return;
    if (transaction->is_invite())
        run(id, invite_client::abandoned);
    else
        run(id, other_client::abandoned);
}

std::vector<ClientNews> Transactions::fail(bool (*lost)(const Hop&, const Hop&), const Hop& hop) {
    std::vector<ClientNews> all;
    clients_.for_each([&](ClientId id, ClientTransaction& transaction) {
        if (!lost(transaction.request.hop, hop)) return;
        const auto news = transaction.is_invite() ? run(id, invite_client::transport_failed)
                                                  : run(id, other_client::transport_failed);
        if (news.what != ClientNews::What::nothing) all.push_back(news);
    });
    return all;
}

std::vector<ClientNews> Transactions::transport_failed(const Hop& hop) {
    return fail([](const Hop& used, const Hop& lost) { return used == lost; }, hop);
}

std::vector<ClientNews> Transactions::flow_closed(FlowId flow) {
    return fail([](const Hop& used, const Hop& lost) { return used.flow == lost.flow; },
                Hop{.transport = {}, .listener = {}, .flow = flow, .remote = {}});
}

}  // namespace holdfast::sip
