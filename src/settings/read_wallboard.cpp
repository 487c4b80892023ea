// The sections about wallboards: alarms and boards.
#include "base/ascii.hpp"
#include "settings/reader.hpp"
#include "wallboard/alpha_driver.hpp"
#include "wallboard/panel_picture.hpp"
#include "wallboard/ready_made.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace holdfast::settings {

using namespace wallboard;

/// Why such a value cannot be told; empty where it can. `queue` 0: of all queues.
std::string Reader::no_escalation(const Value& value, std::size_t queue) const {
    if (!value.of_escalations) return {};
    const auto& queues = out_.engine.floor.queues;
    if (queue > 0 && !queues[queue - 1].escalation)
        return fmt::format(
            "\"{}\" tells of escalations, and queue \"{}\" takes none; if it does, "
            "write escalation = true into its [[queue]]",
            value.name,
            queues[queue - 1].name);
    if (std::ranges::any_of(queues, &acd::QueueSettings::escalation)) return {};
    return fmt::format(
        "\"{}\" tells of escalations, and no queue takes them; write escalation = "
        "true into the [[queue]] that agents pass urgent callers on to",
        value.name);
}

/// The queue that a value is of; all of them where none is named.
std::size_t Reader::scope(Section& s, const Value& value) {
    const auto name = s.text("queue");
    if (name.empty()) {
        if (const auto why = no_escalation(value, 0); !why.empty()) s.fault("value", why);
        return whole_centre;
    }
    if (value.reach == Reach::centre) {
        s.fault("queue", fmt::format("\"{}\" is the whole centre's, not a queue's", value.name));
        return whole_centre;
    }
    const auto index = index_in("queue", name);
    if (index == 0)
        s.fault("queue", fmt::format("queue names queue \"{}\", which does not exist", name));
    else if (const auto why = no_escalation(value, index); !why.empty())
        s.fault("queue", why);
    return index;
}

void Reader::watch(Section& s) {
    auto& watches = out_.engine.wallboards.watches;
    if (watches.size() == most_watches)
        return s.fault("name", fmt::format("more than {} alarms", most_watches));
    Watch w;
    w.name = "floor-" + unique_name(s, "name", "alarm");
    const auto value = value_named(s.wanted("value"));
    const auto when = s.wanted("when");
    w.text = s.wanted("text");
    w.after = s.span("after", 0s, 0s, 1h);
    w.priority = static_cast<std::uint8_t>(s.number("priority", 5, 0, 9));
    w.latches = s.flag("latch", false);
    if (!value) {
        s.ignore("queue");
        if (s.has("value")) s.fault("value", value.error());
        return;
    }
    w.value = *value;
    w.scope = scope(s, *w.value);
    std::string_view rest = when;
    const auto bound = take_bound(rest, w.value->kind);
    if (bound && take_word(rest).empty())
        w.bound = *bound;
    else if (!when.empty())
        s.fault(
            "when",
            fmt::format(
                "when = \"{}\": {}", when, bound ? "nothing may follow the bound" : bound.error()));
    watches.push_back(std::move(w));
}

void Reader::line(Section& s, BoardSettings& board) {
    auto& l = board.line;
    l.device = s.text("device");
    l.remote.address = s.address("address");
    l.remote.port = static_cast<std::uint16_t>(s.number("port", 0, 1, 65'535));
    const bool remote = s.has("address");
    if (l.device.empty() != remote)
        return s.fault("device",
                       "write device = \"/dev/...\" for a serial line, or address and port of a "
                       "terminal server");
    if (remote && l.remote.port == 0) s.fault("address", "address needs a port");
    if (l.device.empty() || l.device.starts_with('/')) return;
    for (const auto& socket :
         appliance_ == nullptr ? decltype(appliance_->serial){} : appliance_->serial)
        if (socket.name == l.device) {
            l.device = socket.device;
            return;
        }
    s.fault("device",
            appliance_ == nullptr
                ? fmt::format("device = \"{}\": write a path, or [site] appliance whose sockets "
                              "have names",
                              l.device)
                : fmt::format("device = \"{}\": {} has {} and {}; or write a path",
                              l.device,
                              appliance_->name,
                              appliance_->serial[0].name,
                              appliance_->serial[1].name));
}

void Reader::geometry(Section& s, BoardSettings& board) {
    auto& g = board.geometry;
    if (board.driver == DriverKind::alpha) {
        g.unit = Unit::characters;
        g.width = static_cast<std::uint32_t>(s.number("columns", 0, 4, 120));
        g.height = static_cast<std::uint32_t>(s.number("lines", 1, 1, 8));
        if (!s.has("columns"))
            s.fault("columns", "columns is missing: how many characters a line of the sign has");
    } else {
        g.width = static_cast<std::uint32_t>(s.number("width", 256, 32, 512));
        g.height = static_cast<std::uint32_t>(s.number("height", 32, 8, 64));
        board.board = s.text("board");
        board.node = static_cast<std::uint8_t>(s.number("node", 1, 1, 254));
        board.brightness = static_cast<std::uint8_t>(s.number("brightness", 100, 1, 100));
    }
}

void Reader::alpha(Section& s, BoardSettings& board) {
    const auto type = s.text("sign_type", "Z");
    if (type.size() != 1 || type.front() < '!' || type.front() > '~')
        s.fault("sign_type",
                fmt::format("sign_type = \"{}\" must be one character; Z is every type", type));
    else
        board.receiver.type = type.front();
    auto& address = board.receiver.address;
    address = s.text("sign_address", address);
    if (address.size() != 2 || address.find_first_not_of("0123456789ABCDEF?") != address.npos)
        s.fault("sign_address",
                fmt::format("sign_address = \"{}\" must be two of 0-9 A-F, or ? for any; 00 is "
                            "every sign on the line",
                            address));
    const auto memory = static_cast<std::size_t>(s.number("memory_bytes", 8'000, 256, 1'000'000));
    for (const auto& why : wallboard::alpha::misfits(board.layout, memory))
        s.fault("layout", why);
}

void Reader::choose_layout(Section& s, BoardSettings& board) {
    const auto name = s.wanted("layout");
    for (const ReadyMade r : every<ReadyMade>)
        if (name == text(r)) return ready_made_layout(s, board, r);
    if (s.has("queues"))
        s.fault("queues", "queues is for ready-made layouts; a layout's own cells name theirs");
    const auto own = std::ranges::find(layouts_, name, &Layout::name);
    if (own == layouts_.end()) return no_layout(s, name);
    board.layout = *own;
    for (const auto& why : misfits(board.layout, board.geometry))
        s.fault("layout", fmt::format("layout \"{}\": {}", name, why));
    check_updates(s, board);
}

void Reader::ready_made_layout(Section& s, BoardSettings& board, ReadyMade which) {
    std::vector<QueueName> queues;
    for (const auto& queue : s.texts("queues")) {
        const auto index = index_in("queue", queue);
        if (index == 0)
            s.fault("queues", fmt::format("queues names \"{}\", which does not exist", queue));
        queues.push_back({queue, QueueId{index}});
    }
    auto made = ready_made(which, queues, board.geometry);
    if (!made) return s.fault("layout", made.error());
    if (const auto why = no_escalation(*made); !why.empty()) return s.fault("queues", why);
    board.layout = *std::move(made);
    check_updates(s, board);
}

/// Why one of its cells would have nothing to show.
std::string Reader::no_escalation(const Layout& layout) const {
    for (const auto& page : layout.pages)
        for (const auto& row : page.rows)
            for (const auto& cell : row.cells)
                if (cell.value != nullptr)
                    if (auto why = no_escalation(*cell.value, cell.scope); !why.empty()) return why;
    return {};
}

void Reader::no_layout(Section& s, const std::string& name) {
    if (name.empty()) return;  // told already
    std::vector<std::string> known;
    known.reserve(enum_count<ReadyMade> + layouts_.size());
    for (const ReadyMade r : every<ReadyMade>)
        known.emplace_back(text(r));
    for (const auto& l : layouts_)
        known.push_back(l.name);
    s.fault("layout",
            fmt::format("there is no layout \"{}\"; there are {}", name, fmt::join(known, ", ")));
}

/// Whether the line carries the figures of each page as often as they may change.
void Reader::check_updates(Section& s, const BoardSettings& board) {
    if (board.driver != DriverKind::holdfast) return;
    const auto allowed = panel::update_octets_allowed(board.geometry);
    for (std::size_t p = 0; p < board.layout.pages.size(); ++p)
        if (const auto octets = panel::most_update_octets(board.layout.pages[p]); octets > allowed)
            s.fault(
                "layout",
                fmt::format("layout \"{}\": the figures of page {} may take {} octets of the "
                            "line at once, {} are allowed: show fewer of them, narrower ones, or "
                            "shorter sparklines",
                            board.layout.name,
                            p + 1,
                            octets,
                            allowed));
}

/// Several boards of ours at one RS-485 pair, told apart by their nodes.
void Reader::share_line(Section& s, const BoardSettings& board, const BoardSettings& other) {
    const auto ours = [](const BoardSettings& b) { return b.driver == DriverKind::holdfast; };
    if (!ours(board) || !ours(other))
        return s.fault("device",
                       fmt::format("wallboard \"{}\" has this line already; Alpha signs on one "
                                   "line are one [[wallboard]], with a sign_address for all",
                                   other.name));
    if (board.node == other.node)
        s.fault("node",
                fmt::format("wallboard \"{}\" is node {} of this line; boards that share one have "
                            "a node each, by their jumpers, and say it with node = ...",
                            other.name,
                            other.node));
    if (board.line.baud != other.line.baud)
        s.fault("baud",
                fmt::format("wallboard \"{}\" has this line at {} baud; all boards of one line "
                            "have the same rate",
                            other.name,
                            other.line.baud));
}

void Reader::rate_and_format(Section& s, BoardSettings& b, bool is_alpha) {
    b.line.baud =
        static_cast<std::uint32_t>(s.number("baud", is_alpha ? 9'600 : 115'200, 1'200, 1'000'000));
    const auto format = s.text("format", is_alpha ? "7E1" : "8N1");
    static constexpr std::uint32_t rates[] = {
        1'200, 2'400, 4'800, 9'600, 19'200, 38'400, 57'600, 115'200, 230'400, 460'800, 921'600};
    if (std::ranges::find(rates, b.line.baud) == std::end(rates))
        s.fault("baud", fmt::format("baud = {} is no rate of serial lines", b.line.baud));
    if (format != "7E1" && format != "8N1")
        s.fault("format", fmt::format("format = \"{}\" is not known; use 8N1 or 7E1", format));
    if (format == "7E1") b.line.format = LineFormat::seven_even_one;
    if (format == "7E1" && !is_alpha)
        s.fault("format", "a board of ours wants all eight bits: 8N1");
}

void Reader::board(Section& s) {
    auto& boards = out_.host.boards;
    if (boards.size() == most_boards)
        return s.fault("name", fmt::format("more than {} wallboards", most_boards));
    BoardSettings b;
    b.name = unique_name(s, "name", "wallboard");
    if (!std::ranges::all_of(
            b.name, [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; }))
        s.fault("name", fmt::format("name = \"{}\" must be letters, digits, - _ .", b.name));
    const bool alpha_first = appliance_ != nullptr && appliance_->wallboard_driver == "alpha";
    b.driver = s.choice("driver", alpha_first ? DriverKind::alpha : DriverKind::holdfast);
    const bool is_alpha = b.driver == DriverKind::alpha;
    line(s, b);
    rate_and_format(s, b, is_alpha);
    b.least_priority = static_cast<std::uint8_t>(s.number("alarms_from", 0, 0, 9));
    geometry(s, b);
    choose_layout(s, b);
    if (is_alpha) alpha(s, b);
    for (const auto& other : boards)
        if (text_of(other.line) == text_of(b.line)) share_line(s, b, other);
    out_.engine.wallboards.boards.push_back({b.name, std::string{text(b.driver)}, text_of(b.line)});
    boards.push_back(std::move(b));
}

}  // namespace holdfast::settings
