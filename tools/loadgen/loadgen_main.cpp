// loadgen: callers and agents' phones in one process, for the demo and for measurements.
#include "host/io/clocks.hpp"
#include "host/io/exit_codes.hpp"
#include "host/io/service.hpp"
#include "loadgen/crowd.hpp"
#include "loadgen/figures.hpp"
#include "loadgen/options.hpp"
#include "settings/settings.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>

namespace {

using namespace holdfast;
using namespace holdfast::loadgen;

Asked asked;

nlohmann::ordered_json json_of(const Spans& spans) {
    nlohmann::ordered_json figures{{"count", spans.count()}};
    for (const auto& [name, share] : {std::pair{"p50_us", 0.5},
                                      std::pair{"p90_us", 0.9},
                                      std::pair{"p99_us", 0.99},
                                      std::pair{"max_us", 1.0}})
        figures[name] = spans.percentile(share).count();
    return figures;
}

nlohmann::ordered_json report_of(const Crowd& crowd, double seconds) {
    const auto& c = crowd.callers();
    nlohmann::ordered_json report{{"seconds", seconds},
                                  {"phones", crowd.phones()},
                                  {"called", c.called},
                                  {"answered", c.answered},
                                  {"refused", c.refused},
                                  {"offers", crowd.met().offers},
                                  {"talks", crowd.met().talks}};
    for (const auto& [status, count] : c.by_status)
        report["refused_with"][std::to_string(status)] = count;
    report["invite_to_progress"] = json_of(crowd.met().to_progress);
    report["invite_to_answer"] = json_of(crowd.met().to_answer);
    report["agent_free_to_ringing"] = json_of(crowd.met().to_offer);
    report["own_lateness"] = json_of(crowd.met().lateness);
    report["rtp_received"] = crowd.sound().received;
    report["rtp_sent"] = crowd.sound().sent;
    report["rtp_lost"] = crowd.sound().lost;
    report["rtp_late"] = crowd.sound().late;
    report["rtp_ports"] = crowd.sound().ports;
    report["rtp_sources"] = crowd.sound().sources;
    report["rtp_longest_gap_us"] = crowd.sound().longest_gap.count();
    return report;
}

void print(const nlohmann::ordered_json& report) {
    for (const auto& [name, value] : report.items()) {
        if (value.is_object()) {
            fmt::print("{:24}", name);
            for (const auto& [key, figure] : value.items())
                fmt::print(" {} {}", key, figure.dump());
            fmt::print("\n");
        } else {
            fmt::print("{:24} {}\n", name, value.dump());
        }
    }
}

int run(const Options& options) {
    std::ifstream file{options.settings, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const auto settings = settings::read(text);
    if (!file || !settings) {
        fmt::print(stderr,
                   "{}",
                   settings ? "loadgen: cannot read the settings file\n"
                            : settings::text_of(settings.error(), options.settings));
        return host::exit_codes::configuration;
    }
    host::raise_descriptor_limit(65'536);
    auto crowd = Crowd::gather(options, *settings);
    if (!crowd) {
        fmt::print(stderr, "loadgen: {}\n", crowd.error());
        return host::exit_codes::unavailable;
    }
    if (!(*crowd)->log_in())
        fmt::print(stderr, "loadgen: not every phone could register and log in\n");
    std::vector<ProcessFigures> before;
    before.reserve(options.watched.size());
    for (const int process : options.watched)
        before.push_back(figures_of(process));
    const auto began = host::sample_clocks().now;
    (*crowd)->call(asked);
    const std::chrono::duration<double> took = host::sample_clocks().now - began;
    auto report = report_of(**crowd, took.count());
    for (std::size_t i = 0; i < before.size(); ++i) {
        const auto after = figures_of(options.watched[i]);
        report[after.name] = {{"cpu_s", after.cpu_s - before[i].cpu_s},
                              {"resident_mib", after.resident_mib}};
    }
    if (options.json)
        fmt::print("{}\n", report.dump(2));
    else
        print(report);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const auto options = read_options(argc, argv);
    if (!options) {
        fmt::print(options.error().exit_code == 0 ? stdout : stderr, "{}", options.error().text);
        return options.error().exit_code;
    }
    const auto stop = [](int) { asked.stop = true; };
    static_cast<void>(std::signal(SIGUSR1, [](int) { ++asked.holds; }));
    static_cast<void>(std::signal(SIGUSR2, [](int) { ++asked.hang_ups; }));
    static_cast<void>(std::signal(SIGTERM, stop));
    static_cast<void>(std::signal(SIGINT, stop));
    try {
        return run(*options);
    } catch (const std::exception& fault) {
        static_cast<void>(std::fprintf(stderr, "loadgen: %s\n", fault.what()));
        return 1;
    }
}
