#include "console/json.hpp"

#include "base/enum_text.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <map>

namespace holdfast::console {
namespace {

using nlohmann::ordered_json;

// A name that is no field of the struct is a compile error.
#define FIELD(name) {#name, line.name}

ordered_json json_of(const QueueLine& line) {
    return {FIELD(name),
            FIELD(waiting),
            FIELD(longest_wait_s),
            FIELD(agents_logged_in),
            FIELD(agents_ready),
            FIELD(offered),
            FIELD(answered),
            FIELD(answered_in_target),
            FIELD(abandoned),
            FIELD(short_abandoned),
            FIELD(refused),
            FIELD(diverted_out),
            FIELD(diverted_in),
            FIELD(missed_offers),
            FIELD(average_wait_s),
            FIELD(open),
            FIELD(closed_by_order),
            FIELD(escalation)};
}
ordered_json json_of(const AgentLine& line) {
    return {FIELD(number),
            FIELD(name),
            FIELD(state),
            FIELD(reason),
            FIELD(phone),
            FIELD(queue),
            FIELD(in_state_s),
            FIELD(call),
            FIELD(handled),
            FIELD(missed),
            FIELD(rejected),
            FIELD(talk_s),
            FIELD(hold_s),
            FIELD(wrap_s),
            FIELD(holds_unexplained),
            FIELD(talk_measured_s),
            FIELD(dead_air_s)};
}
ordered_json json_of(const CallLine& line) {
    return {FIELD(call),
            FIELD(state),
            FIELD(queue),
            FIELD(agent),
            FIELD(caller),
            FIELD(dialled),
            FIELD(in_state_s),
            FIELD(since_entry_s)};
}
ordered_json json_of(const PhoneLine& line) {
    return {FIELD(name),
            FIELD(agent),
            FIELD(address),
            FIELD(transport),
            FIELD(registered),
            FIELD(reachable),
            FIELD(expires_s)};
}
ordered_json json_of(const TrunkLine& line) {
    return {FIELD(name), FIELD(state), FIELD(address), FIELD(calls)};
}
ordered_json json_of(const AlarmLine& line) {
    return {
        FIELD(id), FIELD(text), FIELD(level), FIELD(since_s), FIELD(active), FIELD(acknowledged)};
}
ordered_json json_of(const BoardLine& line) {
    return {FIELD(name),
            FIELD(driver),
            FIELD(line),
            FIELD(connected),
            FIELD(what),
            FIELD(trouble),
            FIELD(answered_s),
            FIELD(skipped),
            FIELD(update),
            FIELD(updating)};
}
ordered_json json_of(const StatusAnswer& line) {
    return {FIELD(version),
            FIELD(site),
            FIELD(uptime_s),
            FIELD(draining),
            FIELD(calls),
            FIELD(waiting),
            FIELD(ringing),
            FIELD(talking),
            FIELD(held),
            FIELD(agents_logged_in),
            FIELD(agents_ready),
            FIELD(phones_registered),
            FIELD(phones),
            FIELD(trunks_up),
            FIELD(trunks),
            FIELD(rows_written),
            FIELD(rows_waiting),
            FIELD(media),
            FIELD(media_endpoints),
            FIELD(messages_refused),
            FIELD(sources_refused),
            FIELD(refused_by_reason),
            FIELD(alarms),
            FIELD(boards_up),
            FIELD(boards),
            FIELD(board_troubles),
            FIELD(escalation_queues),
            FIELD(escalations_waiting)};
}
#undef FIELD

std::string line_of(const ordered_json& object) {
    // Names come from the network: bytes that are no UTF-8 are replaced, not thrown at us.
    return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

/// The word of each request, and how the rest of its line is read.
struct Verb {
    std::string_view word;
    std::function<Request(const ordered_json&)> read;
};

std::string text_in(const ordered_json& line, const char* name) {
    return line.contains(name) ? line.at(name).get<std::string>() : std::string{};
}

/// An enumerator of E by its word.
template <class E>
E word_in(const ordered_json& line, const char* name, const std::string& known) {
    const auto word = line.at(name).get<std::string>();
    for (const auto e : every<E>)
        if (text(e) == word) return e;
    throw std::invalid_argument{std::string{name} + " must be " + known + ", not \"" + word + "\""};
}

std::string octets_of(const std::string& digits) {
    const auto value = [](char c) {
        const auto at = std::string_view{"0123456789abcdef"}.find(c);
        if (at == std::string_view::npos)
            throw std::invalid_argument{"hex must be digits, 0 to 9 and a to f"};
        return at;
    };
    if (digits.size() % 2 != 0) throw std::invalid_argument{"hex must be pairs of digits"};
    std::string octets;
    for (std::size_t i = 0; i < digits.size(); i += 2)
        octets.push_back(static_cast<char>(value(digits[i]) * 16 + value(digits[i + 1])));
    return octets;
}

std::string digits_of(const std::string& octets) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : octets) {
        const auto octet = static_cast<std::uint8_t>(c);
        text += {digits[octet / 16], digits[octet % 16]};
    }
    return text;
}

const std::array<Verb, 17>& verbs() {
    using J = const ordered_json&;
    static const std::array<Verb, 17> all{{
        {"status", [](J) { return ShowStatus{}; }},
        {"queues", [](J) { return ShowQueues{}; }},
        {"agents", [](J) { return ShowAgents{}; }},
        {"calls", [](J) { return ShowCalls{}; }},
        {"phones", [](J) { return ShowPhones{}; }},
        {"trunks", [](J) { return ShowTrunks{}; }},
        {"alarms", [](J) { return ShowAlarms{}; }},
        {"state", [](J) { return ShowState{}; }},
        {"watch", [](J) { return Watch{}; }},
        {"agent",
         [](J line) {
             return OrderAgent{
                 text_in(line, "agent"),
                 word_in<AgentOrder>(line, "order", "log_in, log_out, ready or pause"),
                 text_in(line, "phone")};
         }},
        {"queue",
         [](J line) {
             return OrderQueue{text_in(line, "queue"),
                               word_in<QueueOrder>(line, "order", "open, close or move"),
                               text_in(line, "to")};
         }},
        {"hang_up", [](J line) { return HangUp{line.at("call").get<std::uint32_t>()}; }},
        {"drain", [](J line) { return Drain{line.value("on", true)}; }},
        {"acknowledge",
         [](J line) { return AcknowledgeAlarm{line.at("alarm").get<std::string>()}; }},
        {"boards", [](J) { return ShowBoards{}; }},
        {"write_board",
         [](J line) {
             return WriteBoard{word_in<BoardText>(line, "kind", "message or praise"),
                               text_in(line, "text"),
                               line.value("minutes", std::uint32_t{0})};
         }},
        {"update_board",
         [](J line) {
             return UpdateBoard{text_in(line, "board"),
                                line.value("image", std::uint32_t{0}),
                                line.value("offset", std::uint32_t{0}),
                                octets_of(text_in(line, "hex")),
                                line.value("last", false)};
         }},
    }};
    return all;
}

template <class Line>
ordered_json table(const char* name, const std::vector<Line>& lines) {
    auto rows = ordered_json::array();
    for (const auto& line : lines)
        rows.push_back(json_of(line));
    return {{"answer", name}, {name, std::move(rows)}};
}

struct AnswerJson {
    ordered_json operator()(const Done&) const { return {{"answer", "done"}}; }
    ordered_json operator()(const Refused& r) const { return {{"refused", r.what}}; }
    ordered_json operator()(const StatusAnswer& s) const {
        return {{"answer", "status"}, {"status", json_of(s)}};
    }
    ordered_json operator()(const StateAnswer& s) const {
        return {{"answer", "state"}, {"hash", s.hash}};
    }
    ordered_json operator()(const std::vector<QueueLine>& l) const { return table("queues", l); }
    ordered_json operator()(const std::vector<AgentLine>& l) const { return table("agents", l); }
    ordered_json operator()(const std::vector<CallLine>& l) const { return table("calls", l); }
    ordered_json operator()(const std::vector<PhoneLine>& l) const { return table("phones", l); }
    ordered_json operator()(const std::vector<TrunkLine>& l) const { return table("trunks", l); }
    ordered_json operator()(const std::vector<AlarmLine>& l) const { return table("alarms", l); }
    ordered_json operator()(const std::vector<BoardLine>& l) const { return table("boards", l); }
};

struct RequestJson {
    ordered_json operator()(const OrderAgent& r) const {
        ordered_json line{{"agent", r.agent}, {"order", text(r.order)}};
        if (!r.phone.empty()) line["phone"] = r.phone;
        return line;
    }
    ordered_json operator()(const OrderQueue& r) const {
        ordered_json line{{"queue", r.queue}, {"order", text(r.order)}};
        if (!r.to.empty()) line["to"] = r.to;
        return line;
    }
    ordered_json operator()(const HangUp& r) const { return {{"call", r.call}}; }
    ordered_json operator()(const Drain& r) const { return {{"on", r.on}}; }
    ordered_json operator()(const AcknowledgeAlarm& r) const { return {{"alarm", r.alarm}}; }
    ordered_json operator()(const WriteBoard& r) const {
        return {{"kind", text(r.kind)}, {"text", r.text}, {"minutes", r.minutes}};
    }
    ordered_json operator()(const UpdateBoard& r) const {
        return {{"board", r.board},
                {"image", r.image},
                {"offset", r.offset},
                {"hex", digits_of(r.bytes)},
                {"last", r.last}};
    }
    template <class Plain>
    ordered_json operator()(const Plain&) const {
        return ordered_json::object();
    }
};

}  // namespace

std::expected<Asked, AskFault> read_request(std::string_view text) {
    AskFault fault;
    try {
        const auto line = ordered_json::parse(text);
        if (!line.is_object()) throw std::invalid_argument{"a request is one JSON object a line"};
        fault.id = line.value("id", std::uint64_t{0});
        if (const auto version = line.value("v", protocol_version); version != protocol_version)
            throw std::invalid_argument{"this daemon speaks version " +
                                        std::to_string(protocol_version) + ", the request is of " +
                                        std::to_string(version)};
        const auto word = line.at("ask").get<std::string>();
        for (const auto& verb : verbs())
            if (verb.word == word) return Asked{fault.id, verb.read(line)};
        std::string known;
        for (const auto& verb : verbs())
            known.append(known.empty() ? "" : ", ").append(verb.word);
        throw std::invalid_argument{"\"" + word + "\" is no request; known are " + known};
    } catch (const std::exception& e) {
        fault.what = e.what();
        return std::unexpected{std::move(fault)};
    }
}

std::string write_request(std::uint64_t id, const Request& request) {
    ordered_json line{{"v", protocol_version}, {"id", id}, {"ask", verbs()[request.index()].word}};
    line.update(std::visit(RequestJson{}, request));
    return line_of(line);
}

std::string write_answer(std::uint64_t id, const Answer& answer) {
    ordered_json line{{"v", protocol_version}, {"id", id}};
    line.update(std::visit(AnswerJson{}, answer));
    return line_of(line);
}

std::string write_event(const Event& event) {
    static constexpr std::array<const char*, 4> names{"queue", "agent", "call", "alarm"};
    const char* name = names.at(event.index());
    return line_of({{"v", protocol_version},
                    {"event", name},
                    {name, std::visit([](const auto& line) { return json_of(line); }, event)}});
}

}  // namespace holdfast::console
