#include "host/tool/replay_inputs.hpp"

#include "host/black_box/replay.hpp"
#include "host/tool/exit_codes.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace holdfast::tool {

int replay_inputs(const std::string& file, bool json, std::FILE* out, std::FILE* faults) {
    const auto replayed = host::replay(file);
    if (!replayed) {
        fmt::print(faults, "{}\n", replayed.error());
        return exit_no_input;
    }
    const auto& r = *replayed;
    if (json) {
        const nlohmann::ordered_json object{{"file", file},
                                            {"inputs", r.inputs},
                                            {"marks", r.marks},
                                            {"first_difference", r.first_difference},
                                            {"hash", r.hash}};
        fmt::print(out, "{}\n", object.dump());
    } else if (r.same()) {
        fmt::print(out,
                   "{}: {} inputs came to the same state at {} marks; the last is {}\n",
                   file,
                   r.inputs,
                   r.marks,
                   r.hash);
    } else {
        fmt::print(faults,
                   "{}: the state differs from mark {} of {} on: recorded by another version, or "
                   "with callers' numbers redacted that a rule of a trunk looks at\n",
                   file,
                   r.first_difference,
                   r.marks);
    }
    return r.same() ? exit_done : exit_refused;
}

}  // namespace holdfast::tool
