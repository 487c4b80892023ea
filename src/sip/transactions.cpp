#include "sip/transactions.hpp"

#include "sip/token.hpp"

#include <utility>

namespace holdfast::sip {

Transactions::Transactions(const TimerSpans& spans,
                           Deadlines& deadlines,
                           Random& random,
                           Outbox& outbox)
    : spans_{spans},
      deadlines_{deadlines},
      random_{random},
      outbox_{outbox},
      hash_key_{HashKey::drawn_from(random)} {}

std::string Transactions::new_branch() {
    return std::string{magic_cookie} + random_token(random_);
}

ClientNews Transactions::deadline(const DeadlineKey& key) {
    const auto named = TransactionTimer::from(key.what);
    if (named.kind == TransactionTimer::invite_client)
        return run(ClientId{key.id}, static_cast<invite_client::Timer>(named.timer));
    if (named.kind == TransactionTimer::other_client)
        return run(ClientId{key.id}, static_cast<other_client::Timer>(named.timer));
    if (named.kind == TransactionTimer::invite_server)
        run(TransactionId{key.id}, static_cast<invite_server::Timer>(named.timer));
    else
        run(TransactionId{key.id}, static_cast<other_server::Timer>(named.timer));
    return {};
}

void Transactions::sweep() {
    for (const ClientId id : std::exchange(ended_clients_, {})) {
        by_branch_.erase(clients_.index_of(id));
        clients_.give_back(id);
    }
    for (const TransactionId id : std::exchange(ended_servers_, {})) {
        by_key_.erase(servers_.index_of(id));
        by_merged_.erase(servers_.index_of(id));
        servers_.give_back(id);
    }
}

}  // namespace holdfast::sip
