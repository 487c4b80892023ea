#include "loadgen/options.hpp"

#include "host/io/exit_codes.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace holdfast::loadgen {
namespace {

void add_range(CLI::App& app, const std::string& name, Range& range, const std::string& what) {
    app.add_option_function<std::vector<double>>(
           name,
           [&range](const std::vector<double>& given) { range = {given.front(), given.back()}; },
           what)
        ->expected(1, 2)
        ->delimiter(':')
        ->type_name("SECONDS[:SECONDS]");
}

}  // namespace

std::expected<Options, Usage> read_options(int argc, const char* const* argv) {
    Options o;
    CLI::App app{
        "Plays callers and agents' phones against an exchange: new calls come at their times "
        "whether or not the exchange keeps up, and what they met is told in percentiles. "
        "SIGUSR1: agents in a call hold it, and the next time resume; SIGUSR2: they hang up.",
        "loadgen"};
    app.add_option("--settings", o.settings, "The exchange's settings file")->required();
    app.add_option("--rate", o.calls_per_second, "New calls a second")->check(CLI::Range(0.0, 1e5));
    app.add_option("--for", o.for_s, "Seconds of new calls; 0: until a signal");
    app.add_option("--calls", o.most_calls, "Calls at most; 0: no limit");
    app.add_option("--agents", o.agents, "Phones that log in; 0: all");
    app.add_option("--skip", o.skipped, "Leave out so many phones before them");
    add_range(app, "--talk", o.talks, "How long agents talk");
    add_range(app, "--answer", o.answers, "How long phones ring");
    add_range(app, "--patience", o.patience, "Callers hang up after that long; 0: never");
    add_range(app, "--hold", o.holds, "How long callers are held");
    app.add_option("--hold-share", o.hold_share, "Share of calls held once")
        ->check(CLI::Range(0.0, 1.0));
    app.add_option("--hold-after", o.hold_after_s, "Seconds of talk before; 0: a quarter of it");
    app.add_flag("--sound", o.sound, "Send and receive RTP too");
    app.add_flag("--json", o.json, "The report as one JSON object");
    app.add_option("--seed", o.seed, "Of what is drawn by chance; 0: another one each time");
    app.add_option("--watch", o.watched, "Processes whose CPU time is told")->delimiter(',');
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return std::unexpected{Usage{app.help(), 0}};
    } catch (const CLI::ParseError& fault) {
        return std::unexpected{
            Usage{std::string{"loadgen: "} + fault.what() + "\n", host::exit_codes::usage}};
    }
    return o;
}

}  // namespace holdfast::loadgen
