// tools/machines/diagram.hpp: a machine's table as a Mermaid state diagram, and as text that leaves
// nothing out.
#pragma once
#include "base/machine.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <string_view>

namespace holdfast::machines {

template <class M>
std::string cause_text(typename M::Cause on) {
    if (on.is_timer()) return fmt::format("after {}", text(on.timer()));
    return std::string{text(on.event())};
}

/// "send_bye, +bye_limit, -ring_again": actions in their order, then which deadlines begin anew
/// and which stop.
template <class M>
std::string effect_text(const typename M::Row& row) {
    std::string effect;
    const auto add = [&effect](std::string_view sign, std::string_view name) {
        if (!effect.empty()) effect += ", ";
        effect += sign;
        effect += name;
    };
    for (const auto action : row.actions)
        add("", text(action));
    for (const auto timer : every<typename M::Timer>) {
        if (row.starts.has(timer)) add("+", text(timer));
        if (row.clears.has(timer)) add("-", text(timer));
    }
    return effect;
}

/// " [guard] / effect", as far as there is either.
template <class M>
std::string label_end(const typename M::Row& row) {
    std::string label;
    if (row.when != M::Guard::always) label += fmt::format(" [{}]", text(row.when));
    if (const auto effect = effect_text<M>(row); !effect.empty()) label += " / " + effect;
    return label;
}

template <class M>
std::string timers_text(Set<typename M::Timer> timers, std::string_view sign) {
    std::string names;
    for (const auto timer : every<typename M::Timer>)
        if (timers.has(timer))
            names += fmt::format("{}{}{}", names.empty() ? "" : ", ", sign, text(timer));
    return names;
}

template <class M>
bool has_arrows(typename M::State state) {
    for (const auto& row : M::rows)
        if (row.from == state) return true;
    return false;
}

/// One line an arrow; causes that do the same stand on one.
template <class M>
std::string mermaid() {
    std::string out = "stateDiagram-v2\n";
    const auto line = [&out](std::string_view from, std::string_view to, std::string_view label) {
        fmt::format_to(std::back_inserter(out),
                       "    {} --> {}{}{}\n",
                       from,
                       to,
                       label.empty() ? "" : " : ",
                       label);
    };
    line("[*]", text(typename M::State{}), timers_text<M>(M::at_start, "+"));
    for (auto row = std::begin(M::rows); row != std::end(M::rows);) {
        const auto& first = *row++;
        const auto end = label_end<M>(first);
        const auto same = [&](const typename M::Row& r) {
            return r.from == first.from && r.to == first.to && label_end<M>(r) == end;
        };
        std::string causes = cause_text<M>(first.on);
        for (; row != std::end(M::rows) && same(*row); ++row)
            causes += ", " + cause_text<M>(row->on);
        line(text(first.from), text(first.to), causes + end);
    }
    for (const auto state : every<typename M::State>)
        if (!has_arrows<M>(state)) line(text(state), "[*]", {});
    return out;
}

template <class M>
void add_rows(std::string& out, typename M::State state) {
    for (const auto& row : M::rows) {
        if (row.from != state) continue;
        const auto effect = effect_text<M>(row);
        const auto cause = row.when == M::Guard::always
                               ? cause_text<M>(row.on)
                               : fmt::format("{} [{}]", cause_text<M>(row.on), text(row.when));
        fmt::format_to(std::back_inserter(out),
                       "    {:<34} -> {}{}{}\n",
                       cause,
                       text(row.to),
                       effect.empty() ? "" : " / ",
                       effect);
    }
}

template <class M>
void add_ignored(std::string& out, typename M::State state) {
    for (const auto& ignored : M::ignored) {
        if (!ignored.in.has(state)) continue;
        std::string names;
        for (const auto event : every<typename M::Event>)
            if (ignored.events.has(event))
                names += fmt::format("{}{}", names.empty() ? "" : ", ", text(event));
        fmt::format_to(std::back_inserter(out), "    ignores {}: {}\n", names, ignored.why);
    }
}

/// Every state with its deadlines, its rows in the order they are tried, and what it ignores, why.
template <class M>
std::string whole_table() {
    std::string out;
    for (const auto state : every<typename M::State>) {
        const auto timers = timers_text<M>(may_run<M>(state), "");
        fmt::format_to(std::back_inserter(out),
                       "{}{}{}\n",
                       text(state),
                       timers.empty() ? "" : ", may run: ",
                       timers);
        add_rows<M>(out, state);
        add_ignored<M>(out, state);
    }
    return out;
}

}  // namespace holdfast::machines
