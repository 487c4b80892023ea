// sip/registrar.hpp: the registrar of RFC 3261 10.3 over bindings in memory, with RFC 3327 (Path)
// and RFC 5626 (outbound). Authentication, and which addresses there are, is the caller's.
#pragma once
#include "base/deadlines.hpp"
#include "sip/binding.hpp"
#include "sip/message.hpp"
#include "sip/orders.hpp"
#include "sip/slots.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::sip {

struct RegistrarSettings {
    std::uint32_t min_expires_s = 60;  ///< Shorter ones get 423.
    std::uint32_t max_expires_s = 3600;
    std::uint32_t default_expires_s = 3600;  ///< Where the phone names none.
};

/// The response to a REGISTER, for UserAgent::respond. It has no body.
struct RegistrarAnswer {
    int status = 0;
    std::vector<ExtraHeader> headers;
};

class Registrar {
public:
    static constexpr std::size_t most = limits::devices * limits::contacts_per_device;

    Registrar(RegistrarSettings settings, Deadlines& deadlines);

    /// Takes an authenticated REGISTER for `aor` that came by `from`. All of it is done, or nothing
    /// (10.3 step 7). 200 lists what is bound then.
    RegistrarAnswer take(const Message& request,
                         std::string_view aor,
                         const Hop& from,
                         Instant now);
    /// A binding's time is over (owner binding).
    void deadline(const DeadlineKey& key, Instant now);
    /// Bindings by a connection that is gone: those of outbound are removed (RFC 5626 5.3), others
    /// wait for the phone to register again.
    void flow_closed(FlowId flow);
    /// Ends all bindings of an address: its device was deleted or locked out.
    void remove_all(std::string_view aor);

    /// What happened, in order; nothing when drained.
    std::optional<BindingChange> next_change();

    /// The bindings of an address, the most preferred and youngest first.
    std::vector<const Binding*> bindings(std::string_view aor) const;
    const Binding* find(BindingId id) const { return slots_.find(id); }
    std::size_t size() const { return slots_.size(); }

    /// Takes a binding up again after a restart, under its id. False where its id is taken, its
    /// time is over, or its address is full.
    bool restore(const Binding& kept, Instant now);

private:
    struct Entry : Binding {
        Timer timer;
        void reset() { *this = {}; }
    };
    struct Update;

    RegistrarAnswer refuse(int status, Header header = Header::unknown, std::string value = {});
    std::optional<RegistrarAnswer> read(const Message& request,
                                        std::string_view aor,
                                        const Hop& from,
                                        std::vector<Update>& updates);
    std::optional<RegistrarAnswer> remove_by_star(const Message& request, std::string_view aor);
    std::optional<std::uint32_t> expires_of(const Message& request, const NameAddr& contact) const;
    Entry* same_binding(std::string_view aor, const Binding& wanted);
    void apply(const Update& update, Instant now);
    void arm(Entry& entry);
    void remove(BindingId id, BindingChange::What what);
    RegistrarAnswer list(const Message& request, std::string_view aor, Instant now) const;

    RegistrarSettings settings_;
    Deadlines& deadlines_;
    Slots<Entry, BindingId, most> slots_;
    std::map<std::string, std::vector<BindingId>, std::less<>> by_aor_;
    std::deque<BindingChange> changes_;
};

}  // namespace holdfast::sip
