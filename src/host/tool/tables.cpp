#include "host/tool/tables.hpp"

#include "host/tool/figures.hpp"
#include "host/tool/text_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace holdfast::tool {
namespace {

using namespace console;

std::string dash_if_empty(const std::string& text) {
    return text.empty() ? "-" : text;
}

std::string call_number(std::uint32_t call) {
    return call == 0 ? "-" : std::to_string(call);
}

std::string yes_no(bool is) {
    return is ? "yes" : "no";
}

Column number(const char* head) {
    return {head, Align::right};
}

struct AnswerText {
    std::string operator()(const Done&) const { return "done\n"; }
    std::string operator()(const Refused& refused) const { return refused.what + "\n"; }
    std::string operator()(const StateAnswer& state) const { return state.hash + "\n"; }

    std::string operator()(const StatusAnswer& s) const {
        TextTable table{{{"holdfastd"}, {s.version, Align::left, 400}}};
        const auto row = [&](const char* name, std::string value) {
            table.add({{name}, {std::move(value)}});
        };
        row("site", s.site);
        row("up", duration_text(s.uptime_s));
        row("new calls", s.draining ? "refused: draining" : "taken");
        row("calls",
            fmt::format("{}: {} waiting, {} ringing, {} talking, {} on hold",
                        s.calls,
                        s.waiting,
                        s.ringing,
                        s.talking,
                        s.held));
        if (!s.escalation_queues.empty())
            row("escalations",
                fmt::format("{} waiting in {}",
                            s.escalations_waiting,
                            fmt::join(s.escalation_queues, ", ")));
        row("agents", fmt::format("{} logged in, {} ready", s.agents_logged_in, s.agents_ready));
        row("phones", fmt::format("{} of {} registered", s.phones_registered, s.phones));
        row("trunks", fmt::format("{} of {} up", s.trunks_up, s.trunks));
        row("media", fmt::format("{}, {} endpoints", s.media, s.media_endpoints));
        row("ledger",
            fmt::format("{} rows written, {} on their way",
                        count_text(s.rows_written),
                        count_text(s.rows_waiting)));
        row("refused",
            fmt::format("{} messages, {} sources",
                        count_text(s.messages_refused),
                        count_text(s.sources_refused)));
        for (const auto& [reason, count] : s.refused_by_reason)
            row("", fmt::format("{} {}", count_text(count), reason));
        row("boards", s.boards == 0 ? "none" : fmt::format("{} of {} up", s.boards_up, s.boards));
        for (const auto& trouble : s.board_troubles)
            row("", trouble);
        row("alarms", s.alarms == 0 ? "none" : std::to_string(s.alarms));
        auto lines = table.lines();
        return tool::text_of(lines);
    }

    std::string operator()(const std::vector<QueueLine>& lines) const {
        if (lines.empty()) return "There are no queues.\n";
        TextTable table{{{"QUEUE"},
                         {"OPEN"},
                         number("WAITING"),
                         number("LONGEST m:s"),
                         number("AGENTS"),
                         number("READY"),
                         number("OFFERED"),
                         number("ANSWERED"),
                         number("LEVEL %"),
                         number("ABANDONED"),
                         number("SHORT"),
                         number("REFUSED"),
                         number("IN"),
                         number("OUT"),
                         number("MISSED"),
                         number("MEAN WAIT m:s"),
                         {"TAKES"}}};
        for (const auto& l : lines)
            table.add({{l.name},
                       {l.closed_by_order ? "ordered shut" : yes_no(l.open)},
                       {std::to_string(l.waiting)},
                       {l.waiting == 0 ? "-" : duration_text(l.longest_wait_s)},
                       {std::to_string(l.agents_logged_in)},
                       {std::to_string(l.agents_ready)},
                       {std::to_string(l.offered)},
                       {std::to_string(l.answered)},
                       {percent_text(l.answered_in_target, l.offered)},
                       {std::to_string(l.abandoned)},
                       {std::to_string(l.short_abandoned)},
                       {std::to_string(l.refused)},
                       {std::to_string(l.diverted_in)},
                       {std::to_string(l.diverted_out)},
                       {std::to_string(l.missed_offers)},
                       {l.answered == 0 ? "-" : duration_text(l.average_wait_s)},
                       {l.escalation ? "escalations" : "calls"}});
        return tool::text_of(table.lines());
    }

    std::string operator()(const std::vector<AgentLine>& lines) const {
        if (lines.empty()) return "There are no agents.\n";
        TextTable table{{number("AGENT"),
                         {"NAME"},
                         {"STATE"},
                         {"REASON"},
                         number("FOR m:s"),
                         {"PHONE"},
                         {"QUEUE"},
                         number("CALL"),
                         number("HANDLED"),
                         number("MISSED"),
                         number("REJECTED"),
                         number("TALK h:m:s"),
                         number("HOLD h:m:s"),
                         number("NO REASON"),
                         number("DEAD AIR h:m:s"),
                         number("WRAP-UP h:m:s")}};
        for (const auto& l : lines)
            table.add({{l.number},
                       {l.name},
                       {agent_state(l.state).text},
                       {dash_if_empty(l.reason)},
                       {l.state == "logged_out" ? "-" : duration_text(l.in_state_s)},
                       {dash_if_empty(l.phone)},
                       {dash_if_empty(l.queue)},
                       {call_number(l.call)},
                       {std::to_string(l.handled)},
                       {std::to_string(l.missed)},
                       {std::to_string(l.rejected)},
                       {duration_text(l.talk_s)},
                       {duration_text(l.hold_s)},
                       {std::to_string(l.holds_unexplained)},
                       {l.talk_measured_s > 0 ? duration_text(l.dead_air_s) : "-"},
                       {duration_text(l.wrap_s)}});
        return tool::text_of(table.lines());
    }

    std::string operator()(const std::vector<CallLine>& lines) const {
        if (lines.empty()) return "There are no calls.\n";
        TextTable table{{number("CALL"),
                         {"CALLER"},
                         {"DIALLED"},
                         {"QUEUE"},
                         {"AGENT"},
                         {"STATE"},
                         number("FOR m:s"),
                         number("SINCE ENTRY m:s")}};
        for (const auto& l : lines)
            table.add({{std::to_string(l.call)},
                       {dash_if_empty(l.caller)},
                       {dash_if_empty(l.dialled)},
                       {dash_if_empty(l.queue)},
                       {dash_if_empty(l.agent)},
                       {call_state(l.state).text},
                       {duration_text(l.in_state_s)},
                       {duration_text(l.since_entry_s)}});
        return tool::text_of(table.lines());
    }

    std::string operator()(const std::vector<PhoneLine>& lines) const {
        if (lines.empty()) return "There are no phones.\n";
        TextTable table{
            {{"PHONE"}, {"AGENT"}, {"REGISTERED"}, {"REACHABLE"}, {"ADDRESS"}, {"TRANSPORT"}}};
        for (const auto& l : lines)
            table.add({{l.name},
                       {dash_if_empty(l.agent)},
                       {yes_no(l.registered)},
                       {l.registered ? yes_no(l.reachable) : "-"},
                       {dash_if_empty(l.address)},
                       {dash_if_empty(l.transport)}});
        return tool::text_of(table.lines());
    }

    std::string operator()(const std::vector<TrunkLine>& lines) const {
        if (lines.empty()) return "There are no trunks.\n";
        TextTable table{{{"TRUNK"}, {"STATE"}, {"SERVER"}, number("CALLS")}};
        for (const auto& l : lines)
            table.add({{l.name}, {l.state}, {dash_if_empty(l.address)}, {std::to_string(l.calls)}});
        return tool::text_of(table.lines());
    }

    std::string operator()(const std::vector<AlarmLine>& lines) const {
        if (lines.empty()) return "There are no alarms.\n";
        TextTable table{{{"ALARM"}, {"STATE"}, number("SINCE m:s"), {"WHAT", Align::left, 400}}};
        for (const auto& l : lines)
            table.add({{l.id},
                       {l.active ? (l.acknowledged ? "acknowledged" : "active") : "over"},
                       {duration_text(l.since_s)},
                       {l.text}});
        return tool::text_of(table.lines());
    }

    std::string operator()(const std::vector<BoardLine>& lines) const {
        if (lines.empty()) return "There are no wallboards.\n";
        TextTable table{{{"BOARD"},
                         {"DRIVER"},
                         {"LINE"},
                         {"CONNECTED"},
                         number("ANSWERED s AGO"),
                         number("SKIPPED"),
                         {"WHAT", Align::left, 400}}};
        for (const auto& l : lines)
            table.add({{l.name},
                       {l.driver},
                       {l.line},
                       {yes_no(l.connected)},
                       {l.answered_s < 0 ? "-" : fmt::format("{:.0f}", l.answered_s)},
                       {count_text(l.skipped)},
                       {dash_if_empty(!l.update.empty()   ? "update: " + l.update
                                      : l.trouble.empty() ? l.what
                                                          : l.trouble)}});
        return tool::text_of(table.lines());
    }
};

/// ", " and the text, or nothing.
std::string and_then(std::string_view before, const std::string& text) {
    return text.empty() ? std::string{} : fmt::format(", {}{}", before, text);
}

struct EventText {
    std::string operator()(const QueueLine& l) const {
        auto text = fmt::format(
            "{} {}: {} waiting", l.escalation ? "escalation queue" : "queue", l.name, l.waiting);
        if (l.waiting > 0) text += fmt::format(" up to {}", duration_text(l.longest_wait_s));
        return text + fmt::format(", {} of {} agents ready{}",
                                  l.agents_ready,
                                  l.agents_logged_in,
                                  l.closed_by_order ? ", closed by order"
                                  : l.open          ? ""
                                                    : ", closed");
    }
    std::string operator()(const AgentLine& l) const {
        return fmt::format("agent {} {}: {}{}{}{}",
                           l.number,
                           l.name,
                           agent_state(l.state).text,
                           and_then("", l.reason),
                           and_then("", l.queue),
                           l.call == 0 ? "" : fmt::format(", call {}", l.call));
    }
    std::string operator()(const CallLine& l) const {
        auto text = fmt::format("call {}: {}{}{}{}",
                                l.call,
                                call_state(l.state).text,
                                and_then("", l.queue),
                                and_then("agent ", l.agent),
                                and_then("from ", l.caller));
        if (l.since_entry_s >= 1) text += and_then("since ", duration_text(l.since_entry_s));
        return text;
    }
    std::string operator()(const AlarmLine& l) const {
        const char* const state = l.acknowledged ? "acknowledged: " : "";
        return fmt::format("alarm {}: {}{}", l.id, l.active ? state : "over: ", l.text);
    }
};

}  // namespace

std::string text_of(const Answer& answer) {
    return std::visit(AnswerText{}, answer);
}

std::string text_of(const Event& event) {
    return printable(std::visit(EventText{}, event));
}

}  // namespace holdfast::tool
