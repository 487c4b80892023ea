// console/json.hpp: the control socket's text. One JSON object a line:
//   {"v":1,"id":7,"ask":"queues"}                     a request; `id` comes back with the answer
//   {"v":1,"id":7,"answer":"queues","queues":[...]}   or {"v":1,"id":7,"refused":"..."}
//   {"v":1,"event":"agent","agent":{...}}             to those who watch
#pragma once
#include "console/requests.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace holdfast::console {

inline constexpr std::size_t most_line_bytes = 4096;

struct Asked {
    std::uint64_t id = 0;
    Request request;
};

/// Why a line is no request, in a sentence for whoever wrote it. `id` where it could be read.
struct AskFault {
    std::uint64_t id = 0;
    std::string what;
};

std::expected<Asked, AskFault> read_request(std::string_view line);
std::string write_request(std::uint64_t id, const Request& request);
std::string write_answer(std::uint64_t id, const Answer& answer);
std::string write_event(const Event& event);

}  // namespace holdfast::console
