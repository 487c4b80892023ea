// A floor with everything on it, for the tests of what is shown.
#pragma once
#include "host/tool/floor_screen.hpp"

namespace holdfast::test {

inline console::QueueLine queue(const char* name,
                                std::uint32_t waiting,
                                double longest_s,
                                std::uint64_t offered,
                                std::uint64_t in_target,
                                std::uint64_t abandoned) {
    console::QueueLine l;
    l.name = name;
    l.waiting = waiting;
    l.longest_wait_s = longest_s;
    l.agents_logged_in = 5;
    l.agents_ready = 1;
    l.offered = offered;
    l.answered = offered - abandoned;
    l.answered_in_target = in_target;
    l.abandoned = abandoned;
    l.missed_offers = 3;
    l.average_wait_s = 14.6;
    return l;
}

inline console::AgentLine agent(const char* number,
                                const char* name,
                                const char* state,
                                double in_state_s,
                                const char* line_queue = "",
                                std::uint32_t call = 0) {
    console::AgentLine l;
    l.number = number;
    l.name = name;
    l.state = state;
    l.phone = "desk" + std::string{number};
    l.queue = line_queue;
    l.in_state_s = in_state_s;
    l.call = call;
    l.handled = 12;
    l.missed = call % 2;
    l.talk_s = 3723;
    return l;
}

inline console::CallLine call(std::uint32_t id,
                              const char* state,
                              const char* line_queue,
                              const char* with_agent,
                              double in_state_s,
                              double since_s) {
    console::CallLine l;
    l.call = id;
    l.state = state;
    l.queue = line_queue;
    l.agent = with_agent;
    l.caller = "+4930555" + std::to_string(100 + id);
    l.dialled = "+493012345";
    l.in_state_s = in_state_s;
    l.since_entry_s = since_s;
    return l;
}

inline tool::Floor example_floor() {
    tool::Floor f;
    f.clock = "14:07:31";
    f.status.version = "1.2.3";
    f.status.uptime_s = 3 * 86'400 + 4 * 3600 + 5 * 60 + 6;
    f.status.calls = 6;
    f.status.waiting = 2;
    f.status.ringing = 1;
    f.status.talking = 2;
    f.status.held = 1;
    f.status.agents_logged_in = 8;
    f.status.agents_ready = 1;
    f.status.phones_registered = 9;
    f.status.phones = 10;
    f.status.site = "Main street";
    f.status.refused_by_reason = {{"too-long", 3}};
    f.status.trunks = 2;
    f.status.trunks_up = 1;
    f.status.media = "up";
    f.status.media_endpoints = 10;
    f.status.alarms = 1;
    f.queues = {queue("sales", 2, 83.2, 120, 98, 6), queue("support", 0, 0, 0, 0, 0)};
    f.queues[1].escalation = true;
    f.queues[1].open = false;
    f.agents = {agent("101", "Ann Miller", "talking", 63, "sales", 17),
                agent("102", "Bj\u00f6rn \u00c5kesson", "ready", 340),
                agent("103", "Chiara", "ringing", 4, "sales", 21),
                agent("104", "Dragomir Konstantinopolitanski", "held", 31, "support", 18),
                agent("105", "Eve", "wrapping", 9, "sales"),
                agent("106", "Femi", "not_ready", 1200),
                agent("107", "Gwen", "talking", 603, "support", 12),
                agent("108", "Hiro \u5c71\u7530", "unreachable", 12),
                agent("109", "Ida", "logged_out", 0)};
    f.agents[5].reason = "missed";
    f.calls = {call(17, "talking", "sales", "101", 63, 80),
               call(18, "held", "support", "104", 31, 300),
               call(12, "talking", "support", "107", 603, 640),
               call(21, "ringing", "sales", "103", 4, 12),
               call(22, "queued", "sales", "", 83, 83),
               call(23, "queued", "sales", "", 2, 2)};
    console::AlarmLine alarm;
    alarm.id = "trunk-carrier";
    alarm.text = "trunk \"carrier\" does not answer: calls over it fail; look at the line";
    alarm.since_s = 71;
    f.alarms = {alarm};
    return f;
}

}  // namespace holdfast::test
