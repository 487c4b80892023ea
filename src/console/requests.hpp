// console/requests.hpp: what can be asked of the daemon and what it answers, as plain structs. The
// engine fills them; console/json.hpp turns them into the text of the control socket.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace holdfast::console {

/// Raised when a field is renamed or changes its meaning; new fields do not count.
inline constexpr std::uint32_t protocol_version = 1;

// ---- Requests ----------------------------------------------------------------------------------

struct ShowStatus {};
struct ShowQueues {};
struct ShowAgents {};
struct ShowCalls {};
struct ShowPhones {};
struct ShowTrunks {};
struct ShowAlarms {};
struct ShowState {};  ///< The hash over the live state, for replay.
/// From now on every change is told on this connection.
struct Watch {};
enum class AgentOrder : std::uint8_t { log_in, log_out, ready, pause };
struct OrderAgent {
    std::string agent;  ///< Number.
    AgentOrder order{};
    std::string phone;  ///< For log_in: where; empty: the bound phone.
};
enum class QueueOrder : std::uint8_t { open, close, move };
struct OrderQueue {
    std::string queue;
    QueueOrder order{};
    std::string to;  ///< For move: the queue that those who wait go to.
};
struct HangUp {
    std::uint32_t call = 0;
};
struct Drain {
    bool on = true;
};
struct AcknowledgeAlarm {
    std::string alarm;
};

struct ShowBoards {};
/// What a supervisor writes on every wallboard; an empty text takes away what stands there.
enum class BoardText : std::uint8_t { message, praise };
inline constexpr std::size_t most_board_text = 120;  ///< Bytes: what the least of signs can hold.
struct WriteBoard {
    BoardText kind{};
    std::string text;
    std::uint32_t minutes = 0;  ///< How long a message stands; 0: until another one is written.
};

/// A piece of an image of firmware for one board, in order; with the last one the update begins.
inline constexpr std::size_t most_images = 2;  ///< One for each slot.
inline constexpr std::size_t most_image_bytes = std::size_t{64} * 1024;
inline constexpr std::size_t most_piece_bytes = 1'700;  ///< Twice as many digits make a line.
struct UpdateBoard {
    std::string board;  ///< Its name in the settings.
    std::uint32_t image = 0, offset = 0;
    std::string bytes;
    bool last = false;
};

using Request = std::variant<ShowStatus,
                             ShowQueues,
                             ShowAgents,
                             ShowCalls,
                             ShowPhones,
                             ShowTrunks,
                             ShowAlarms,
                             ShowState,
                             Watch,
                             OrderAgent,
                             OrderQueue,
                             HangUp,
                             Drain,
                             AcknowledgeAlarm,
                             ShowBoards,
                             WriteBoard,
                             UpdateBoard>;

// ---- Answers -----------------------------------------------------------------------------------

struct QueueLine {
    std::string name;
    std::uint32_t waiting = 0;
    double longest_wait_s = 0;  ///< Of those who wait now, since their first entry.
    std::uint32_t agents_logged_in = 0, agents_ready = 0;
    std::uint64_t offered = 0, answered = 0, answered_in_target = 0, abandoned = 0;
    std::uint64_t short_abandoned = 0, refused = 0, diverted_out = 0, diverted_in = 0;
    std::uint64_t missed_offers = 0;
    double average_wait_s = 0;     ///< Of today's answered callers.
    bool open = true;              ///< Takes callers: by its hours, and by order.
    bool closed_by_order = false;  ///< Stays closed until it is opened by order.
    bool escalation = false;       ///< For callers whom somebody passes on because it is urgent.
};

struct AgentLine {
    std::string number, name, state, reason, phone, queue;
    double in_state_s = 0;
    std::uint32_t call = 0;
    std::uint64_t handled = 0, missed = 0, rejected = 0;
    double talk_s = 0, hold_s = 0, wrap_s = 0;
    std::uint64_t holds_unexplained = 0;  ///< Nothing was said of them.
    double talk_measured_s = 0;           ///< Talk whose voices were heard.
    double dead_air_s = 0;                ///< Silence in it while nobody held.
};

struct CallLine {
    std::uint32_t call = 0;
    std::string state, queue, agent, caller, dialled;
    double in_state_s = 0, since_entry_s = 0;
};

struct PhoneLine {
    std::string name, agent, address, transport;
    bool registered = false, reachable = false;
    double expires_s = 0;
};

struct TrunkLine {
    std::string name, state, address;
    std::uint32_t calls = 0;
};

struct AlarmLine {
    std::string id, text, level;
    double since_s = 0;
    bool active = true, acknowledged = false;
};

struct BoardLine {
    std::string name, driver, line;  ///< The line is a serial device, or an address and a port.
    bool connected = false;          ///< The line is there.
    std::string what, trouble;       ///< What the board is; what is wrong, a sentence.
    double answered_s = -1;          ///< Since its last answer; negative: it never gave one.
    std::uint64_t skipped = 0;       ///< Pictures it was not shown, as its line did not take them.
    std::string update;              ///< How its new firmware goes, or went; empty: none.
    bool updating = false;
};

struct StatusAnswer {
    std::string version, site;
    double uptime_s = 0;
    bool draining = false;
    std::uint32_t calls = 0, waiting = 0, ringing = 0, talking = 0, held = 0;
    std::uint32_t agents_logged_in = 0, agents_ready = 0;
    std::uint32_t phones_registered = 0, phones = 0, trunks_up = 0, trunks = 0;
    std::uint64_t rows_written = 0, rows_waiting = 0;
    std::string media;  ///< "up", "down", "restarting"
    std::uint32_t media_endpoints = 0;
    std::uint64_t messages_refused = 0, sources_refused = 0;
    std::map<std::string, std::uint64_t> refused_by_reason;  ///< Of messages; those that occurred.
    std::uint32_t alarms = 0;
    std::uint32_t boards_up = 0, boards = 0;
    std::vector<std::string> board_troubles;  ///< "wall: geometry mismatch: ..."
    std::vector<std::string> escalation_queues;
    std::uint32_t escalations_waiting = 0;  ///< In these, those being rung too.
};

/// What a table is made of; each with one line a row.
struct Done {};
/// `what` says what was wrong and what to do.
struct Refused {
    std::string what;
};
struct StateAnswer {
    std::string hash;
};

using Answer = std::variant<Done,
                            Refused,
                            StatusAnswer,
                            std::vector<QueueLine>,
                            std::vector<AgentLine>,
                            std::vector<CallLine>,
                            std::vector<PhoneLine>,
                            std::vector<TrunkLine>,
                            std::vector<AlarmLine>,
                            StateAnswer,
                            std::vector<BoardLine>>;

// ---- What is told to those who watch -----------------------------------------------------------

using Event = std::variant<QueueLine, AgentLine, CallLine, AlarmLine>;

}  // namespace holdfast::console
