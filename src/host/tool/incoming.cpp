#include "host/tool/incoming.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <exception>
#include <stdexcept>
#include <vector>

namespace holdfast::tool {
namespace {

using nlohmann::json;
using namespace console;

template <class T>
void take(const json& object, const char* name, T& field) {
    if (const auto it = object.find(name); it != object.end()) field = it->get<T>();
}

#define FIELD(name) take(object, #name, line.name)

void read(const json& object, QueueLine& line) {
    FIELD(name);
    FIELD(waiting);
    FIELD(longest_wait_s);
    FIELD(agents_logged_in);
    FIELD(agents_ready);
    FIELD(offered);
    FIELD(answered);
    FIELD(answered_in_target);
    FIELD(abandoned);
    FIELD(short_abandoned);
    FIELD(refused);
    FIELD(diverted_out);
    FIELD(diverted_in);
    FIELD(missed_offers);
    FIELD(average_wait_s);
    FIELD(open);
    FIELD(closed_by_order);
    FIELD(escalation);
}

void read(const json& object, AgentLine& line) {
    FIELD(number);
    FIELD(name);
    FIELD(state);
    FIELD(reason);
    FIELD(phone);
    FIELD(queue);
    FIELD(in_state_s);
    FIELD(call);
    FIELD(handled);
    FIELD(missed);
    FIELD(rejected);
    FIELD(talk_s);
    FIELD(hold_s);
    FIELD(wrap_s);
    FIELD(holds_unexplained);
    FIELD(talk_measured_s);
    FIELD(dead_air_s);
}

void read(const json& object, CallLine& line) {
    FIELD(call);
    FIELD(state);
    FIELD(queue);
    FIELD(agent);
    FIELD(caller);
    FIELD(dialled);
    FIELD(in_state_s);
    FIELD(since_entry_s);
}

void read(const json& object, PhoneLine& line) {
    FIELD(name);
    FIELD(agent);
    FIELD(address);
    FIELD(transport);
    FIELD(registered);
    FIELD(reachable);
    FIELD(expires_s);
}

void read(const json& object, TrunkLine& line) {
    FIELD(name);
    FIELD(state);
    FIELD(address);
    FIELD(calls);
}

void read(const json& object, AlarmLine& line) {
    FIELD(id);
    FIELD(text);
    FIELD(level);
    FIELD(since_s);
    FIELD(active);
    FIELD(acknowledged);
}

void read(const json& object, BoardLine& line) {
    FIELD(name);
    FIELD(driver);
    FIELD(line);
    FIELD(connected);
    FIELD(what);
    FIELD(trouble);
    FIELD(answered_s);
    FIELD(skipped);
    FIELD(update);
    FIELD(updating);
}

void read(const json& object, StatusAnswer& line) {
    FIELD(version);
    FIELD(site);
    FIELD(uptime_s);
    FIELD(draining);
    FIELD(calls);
    FIELD(waiting);
    FIELD(ringing);
    FIELD(talking);
    FIELD(held);
    FIELD(agents_logged_in);
    FIELD(agents_ready);
    FIELD(phones_registered);
    FIELD(phones);
    FIELD(trunks_up);
    FIELD(trunks);
    FIELD(rows_written);
    FIELD(rows_waiting);
    FIELD(media);
    FIELD(media_endpoints);
    FIELD(messages_refused);
    FIELD(sources_refused);
    FIELD(refused_by_reason);
    FIELD(alarms);
    FIELD(boards_up);
    FIELD(boards);
    FIELD(board_troubles);
    FIELD(escalation_queues);
    FIELD(escalations_waiting);
}
#undef FIELD

template <class Struct>
Struct one(const json& object) {
    Struct line;
    read(object, line);
    return line;
}

template <class Row>
Answer table(const json& rows) {
    std::vector<Row> all;
    for (const auto& row : rows)
        all.push_back(one<Row>(row));
    return all;
}

Answer answer_in(const json& object) {
    if (const auto it = object.find("refused"); it != object.end())
        return Refused{it->get<std::string>()};
    const auto name = object.at("answer").get<std::string>();
    if (name == "done") return Done{};
    if (name == "state") return StateAnswer{object.at("hash").get<std::string>()};
    const auto& content = object.at(name);
    if (name == "status") return one<StatusAnswer>(content);
    if (name == "queues") return table<QueueLine>(content);
    if (name == "agents") return table<AgentLine>(content);
    if (name == "calls") return table<CallLine>(content);
    if (name == "phones") return table<PhoneLine>(content);
    if (name == "trunks") return table<TrunkLine>(content);
    if (name == "alarms") return table<AlarmLine>(content);
    if (name == "boards") return table<BoardLine>(content);
    throw std::invalid_argument{"an answer \"" + name + "\""};
}

Event event_in(const json& object) {
    const auto name = object.at("event").get<std::string>();
    const auto& content = object.at(name);
    if (name == "queue") return one<QueueLine>(content);
    if (name == "agent") return one<AgentLine>(content);
    if (name == "call") return one<CallLine>(content);
    if (name == "alarm") return one<AlarmLine>(content);
    throw std::invalid_argument{"an event \"" + name + "\""};
}

}  // namespace

std::expected<Incoming, std::string> read_incoming(std::string_view line) {
    try {
        const auto object = json::parse(line);
        if (const auto version = object.value("v", protocol_version); version != protocol_version)
            return std::unexpected{"the daemon speaks version " + std::to_string(version) +
                                   " of the control protocol, this program version " +
                                   std::to_string(protocol_version) +
                                   ": use the program that came with the daemon"};
        if (object.contains("event")) return event_in(object);
        return Answered{object.value("id", std::uint64_t{0}), answer_in(object)};
    } catch (const std::exception& fault) {
        return std::unexpected{"the daemon said what this program does not understand (" +
                               std::string{fault.what()} +
                               "): use the program that came with the daemon"};
    }
}

}  // namespace holdfast::tool
