#include "host/tool/options.hpp"

#include "host/tool/exit_codes.hpp"
#include "host/tool/report_options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <array>
#include <string>
#include <utility>

namespace holdfast::tool {
namespace {

/// Where the words of the command line are put while CLI11 reads them.
struct Words {
    Options options;
    std::string agent, phone, queue, to_queue, alarm, on_or_off;
    std::uint32_t call = 0;
    Top top;
    ReportWords report;
    std::string file;
    std::string from, to, head, lane, author, reason;
    std::vector<std::string> keys;
    console::WriteBoard board;
    UpdateFirmware update;
    ledger::Correction correction;
};

/// `done` runs once the whole line was read and this was its command.
template <class Done>
CLI::App* command(CLI::App& parent, const char* name, const char* what, Done done) {
    CLI::App* const sub = parent.add_subcommand(name, what);
    sub->fallthrough();  // --socket and --json may stand anywhere
    // CLI11 runs this for "alarms" too where "alarms acknowledge" was said.
    sub->final_callback([sub, done = std::move(done)] {
        if (sub->get_subcommands().empty()) done();
    });
    return sub;
}

template <class Request>
CLI::App* question(CLI::App& app, Words& words, const char* name, const char* what) {
    return command(app, name, what, [&words] { words.options.command = Ask{Request{}}; });
}

void add_boards(CLI::App& app, Words& words) {
    using namespace console;
    auto* const boards = question<ShowBoards>(app, words, "boards", "Wallboards: what they say");
    struct Text {
        const char *name, *what;
        BoardText text;
    };
    for (const auto& t :
         {Text{"message", "Write a message on every wallboard; \"\" takes it away", {}},
          Text{"praise", "Write a line of praise on every wallboard", BoardText::praise}}) {
        auto* const sub = command(*boards, t.name, t.what, [&words, text = t.text] {
            words.board.kind = text;
            words.options.command = Ask{words.board};
        });
        sub->add_option("TEXT", words.board.text, "What to write")->required();
        if (t.text == BoardText::message)
            sub->add_option("--minutes", words.board.minutes, "Take it away after that long")
                ->type_name("N")
                ->check(CLI::Range(1, 24 * 60));
    }
    auto* const update = command(
        *boards, "update", "Give a board of ours new firmware while it goes on showing", [&words] {
            words.options.command = words.update;
        });
    update->add_option("NAME", words.update.board, "As \"holdfast boards\" shows it")->required();
    update
        ->add_option(
            "IMAGE", words.update.files, "For slot A and for slot B; the right one is taken")
        ->required()
        ->expected(1, static_cast<int>(most_images))
        ->check(CLI::ExistingFile);
}

void add_questions(CLI::App& app, Words& words) {
    using namespace console;
    question<ShowStatus>(app, words, "status", "The whole exchange at a glance");
    question<ShowQueues>(app, words, "queues", "Queues: who waits, and today's figures");
    question<ShowAgents>(app, words, "agents", "Agents: what they do, and today's figures");
    question<ShowCalls>(app, words, "calls", "Calls, with the number that hang-up wants");
    question<ShowPhones>(app, words, "phones", "Phones: where they are, and whether they answer");
    question<ShowTrunks>(app, words, "trunks", "Trunks: whether they work");
    auto* const alarms = question<ShowAlarms>(app, words, "alarms", "What needs a person");
    command(*alarms,
            "acknowledge",
            "Say that somebody cares for an alarm",
            [&words] { words.options.command = Ask{AcknowledgeAlarm{words.alarm}}; })
        ->add_option("ID", words.alarm, "As \"holdfast alarms\" shows it")
        ->required();
    add_boards(app, words);
    question<ShowState>(app, words, "state", "A number that is the same where all state is");
}

void add_queue_orders(CLI::App& app, Words& words) {
    using console::QueueOrder;
    auto* const queue = app.add_subcommand("queue", "Close or open a queue, move who waits in it");
    queue->fallthrough()->require_subcommand(1);
    queue->add_option("NAME", words.queue, "The queue's name")->required();
    struct Order {
        const char *name, *what;
        QueueOrder order;
    };
    for (const auto& o :
         {Order{"close",
                "Takes no new callers until it is opened; who waits goes on waiting",
                QueueOrder::close},
          Order{"open", "Takes callers again, as its hours say", QueueOrder::open},
          Order{"move",
                "Who waits goes to another queue, with the time of entry",
                QueueOrder::move}}) {
        auto* const sub = command(*queue, o.name, o.what, [&words, order = o.order] {
            words.options.command = Ask{console::OrderQueue{words.queue, order, words.to_queue}};
        });
        if (o.order == QueueOrder::move)
            sub->add_option("--to", words.to_queue, "Which queue")->type_name("QUEUE")->required();
    }
}

void add_orders(CLI::App& app, Words& words) {
    using console::AgentOrder;
    auto* const agent = app.add_subcommand("agent", "Log an agent in or out, make ready, pause");
    agent->fallthrough()->require_subcommand(1);
    agent->add_option("NUMBER", words.agent, "The agent's number")->required();
    struct Order {
        const char *name, *what;
        AgentOrder order;
    };
    for (const auto& o :
         {Order{"log-in", "At the agent's own phone, or at --phone", {}},
          Order{"log-out", "At the end of the call, if there is one", AgentOrder::log_out},
          Order{"ready", "Takes calls from now on", AgentOrder::ready},
          Order{"pause", "Takes no calls from the queues", AgentOrder::pause}}) {
        auto* const sub = command(*agent, o.name, o.what, [&words, order = o.order] {
            words.options.command = Ask{console::OrderAgent{words.agent, order, words.phone}};
        });
        if (o.order == AgentOrder::log_in)
            sub->add_option("--phone", words.phone, "Which phone")->type_name("PHONE");
    }
    add_queue_orders(app, words);
    command(app,
            "hang-up",
            "End a call",
            [&words] { words.options.command = Ask{console::HangUp{words.call}}; })
        ->add_option("CALL", words.call, "As \"holdfast calls\" shows it")
        ->required();
    command(app,
            "drain",
            "Take no new calls, so that the daemon can be stopped",
            [&words] { words.options.command = Ask{console::Drain{words.on_or_off == "on"}}; })
        ->add_option("on|off", words.on_or_off, "on: refuse new calls; off: take them again")
        ->required()
        ->check(CLI::IsMember({"on", "off"}));
}

void add_rest(CLI::App& app, Words& words) {
    command(app, "watch", "Every change, a line each, until it is ended", [&words] {
        words.options.command = WatchEvents{};
    });
    auto* const top =
        command(app, "top", "The floor, live: queues, agents, calls; q ends it", [&words] {
            words.options.command = words.top;
        });
    top->add_option("--frames", words.top.frames, "End after that many pictures")
        ->type_name("N")
        ->check(CLI::PositiveNumber);
    top->add_option("--rows", words.top.rows, "Use the upper rows of the terminal alone")
        ->type_name("N")
        ->check(CLI::PositiveNumber);
    command(app,
            "replay",
            "Run recorded inputs through the engine, and compare the states",
            [&words] { words.options.command = ReplayInputs{words.file}; })
        ->add_option("FILE", words.file, "The black box, in the daemon's state directory")
        ->required();
    add_report_options(*command(app,
                                "report",
                                "Call-centre figures of some days, from the ledger",
                                [&words] { words.options.command = words.report.command(); }),
                       words.report);
    command(app,
            "privacy",
            "What is measured of people, who sees it, and for how long",
            [&words] { words.options.command = ShowPrivacy{words.file}; })
        ->add_option("FILE", words.file, "The settings, in TOML")
        ->required();
    auto* const settings = app.add_subcommand("settings", "The daemon's settings file");
    settings->fallthrough()->require_subcommand(1);
    command(*settings,
            "check",
            "Tell every fault of a settings file, with its line",
            [&words] { words.options.command = CheckSettings{words.file}; })
        ->add_option("FILE", words.file, "The settings, in TOML")
        ->required();
}

void add_verify(CLI::App& ledger, Words& words) {
    static const CLI::Validator day{
        [](const std::string& text) {
            return read_day(text) ? std::string{} : "\"" + text + "\" is no day: 2026-11-23 is one";
        },
        ""};
    static const CLI::Validator head{
        [](const std::string& text) {
            return ledger::read_head(text)
                       ? std::string{}
                       : "no head: as \"holdfast ledger head\" or the log tells it, ROW:HASH";
        },
        ""};
    static const CLI::Validator key{
        [](const std::string& text) {
            const bool is_hex = text.find_first_not_of("0123456789abcdef") == text.npos;
            return text.size() == 64 && is_hex
                       ? std::string{}
                       : "no key: 64 digits, as the log or \"holdfast ledger verify\" tells it";
        },
        ""};
    auto* const verify =
        command(ledger, "verify", "Check that nothing is missing, changed or wrong", [&words] {
            ledger::Question question;
            if (!words.head.empty()) question.head = ledger::read_head(words.head);
            if (!words.from.empty()) question.from = read_day(words.from);
            if (!words.to.empty()) question.to = read_day(words.to, 1);
            question.keys = words.keys;
            words.options.command = VerifyLedger{words.file, question};
        });
    verify->add_option("FILE", words.file, "The ledger's database")->required();
    verify->add_option("--from", words.from, "From that day on, and the five minutes before")
        ->type_name("DAY")
        ->check(day);
    verify->add_option("--to", words.to, "Up to the end of that day")->type_name("DAY")->check(day);
    verify->add_option("--head", words.head, "As it was kept elsewhere: nothing before it changed")
        ->type_name("ROW:HASH")
        ->check(head);
    verify
        ->add_option("--key",
                     words.keys,
                     "A public key that may have sealed it, as it was kept elsewhere: no other may")
        ->type_name("KEY")
        ->check(key);
}

/// What somebody does to a ledger is noted there with name and reason.
void add_grounds(CLI::App& sub, Words& words) {
    sub.add_option("--author", words.author, "Who says so")->required();
    sub.add_option("--reason", words.reason, "Why")->required();
}

void add_ledger(CLI::App& app, Words& words) {
    auto* const ledger = app.add_subcommand("ledger", "The record of all calls");
    ledger->fallthrough()->require_subcommand(1);
    add_verify(*ledger, words);
    command(*ledger,
            "head",
            "Its last row and the hash over all rows, to be kept elsewhere",
            [&words] { words.options.command = ShowHead{words.file}; })
        ->add_option("FILE", words.file, "The ledger's database")
        ->required();
    auto* const backup =
        command(*ledger, "backup", "Copy a ledger that the daemon goes on writing to", [&words] {
            words.options.command = BackUpLedger{words.file, words.to};
        });
    backup->add_option("FILE", words.file, "The ledger's database")->required();
    backup->add_option("TO", words.to, "The copy")->required();
    auto* const correct =
        command(*ledger, "correct", "Note that something in a row is wrong", [&words] {
            words.options.command =
                CorrectLedger{words.file, words.correction, words.author, words.reason};
        });
    correct->add_option("FILE", words.file, "The ledger's database")->required();
    correct->add_option("ROW", words.correction.row, "Its number")->required();
    correct->add_option("FIELD", words.correction.field, "Its column: queue, agent...")->required();
    correct->add_option("VALUE", words.correction.value, "What holds instead")->required();
    add_grounds(*correct, words);
    auto* const erase = command(
        *ledger, "erase", "Erase number and name of a caller, or an agent's name", [&words] {
            words.options.command =
                EraseFromLedger{words.file, *read_uuid(words.lane), words.author, words.reason};
        });
    erase->add_option("FILE", words.file, "The ledger's database")->required();
    erase->add_option("JOURNEY", words.lane, "As the view call shows it; or a shift")
        ->required()
        ->check([](const std::string& text) {
            return read_uuid(text) ? std::string{} : "no journey: 32 hexadecimal digits name one";
        });
    add_grounds(*erase, words);
}

}  // namespace

std::expected<Options, Usage> read_options(int argc, const char* const* argv) {
    Words words;
    CLI::App app{"Shows and steers a Holdfast call centre: asks holdfastd at its control socket.",
                 "holdfast"};
    app.set_version_flag("--version", HOLDFAST_VERSION);
    app.require_subcommand(1);
    app.add_option("--socket", words.options.socket, "Where holdfastd listens")
        ->capture_default_str()
        ->type_name("PATH");
    app.add_flag("--json", words.options.json, "Lines of JSON, for programs");
    add_questions(app, words);
    add_orders(app, words);
    add_rest(app, words);
    add_ledger(app, words);
    try {
        app.parse(argc, argv);
        if (words.options.json && std::holds_alternative<Top>(words.options.command))
            throw CLI::ValidationError{"--json", "top is for people; for programs there is watch"};
    } catch (const CLI::Success& asked) {
        const auto* const version = dynamic_cast<const CLI::CallForVersion*>(&asked);
        return std::unexpected{
            Usage{version != nullptr ? "holdfast " HOLDFAST_VERSION "\n" : app.help(), exit_done}};
    } catch (const CLI::ParseError& fault) {
        return std::unexpected{Usage{std::string{"holdfast: "} + fault.what() +
                                         "\nTry holdfast --help, or holdfast COMMAND --help.\n",
                                     exit_usage}};
    }
    return words.options;
}

}  // namespace holdfast::tool
