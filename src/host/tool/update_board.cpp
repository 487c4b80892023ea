#include "host/tool/update_board.hpp"

#include "host/tool/client.hpp"
#include "host/tool/exit_codes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>

namespace holdfast::tool {
namespace {

constexpr std::chrono::milliseconds looks_again{200};

int failed(int code, const std::string& why) {
    fmt::print(stderr, "holdfast: {}\n", why);
    return code;
}

/// The answer; a sentence where there is none, or it is a refusal.
std::expected<console::Answer, std::string> ask(Client& client, const console::Request& request) {
    const auto line = client.ask(request);
    if (!line) return std::unexpected{line.error()};
    const auto incoming = read_incoming(*line);
    if (!incoming) return std::unexpected{incoming.error()};
    const auto& answer = std::get<Answered>(*incoming).answer;
    if (const auto* const refused = std::get_if<console::Refused>(&answer))
        return std::unexpected{refused->what};
    return answer;
}

/// A sentence where a piece was not taken.
std::string hand_over(Client& client,
                      const std::string& board,
                      const std::vector<std::string>& images) {
    for (std::uint32_t image = 0; image < images.size(); ++image)
        for (std::size_t at = 0; at < images[image].size(); at += console::most_piece_bytes) {
            auto bytes = images[image].substr(at, console::most_piece_bytes);
            const bool last =
                image + 1 == images.size() && at + bytes.size() == images[image].size();
            const auto told =
                ask(client,
                    console::UpdateBoard{
                        board, image, static_cast<std::uint32_t>(at), std::move(bytes), last});
            if (!told) return told.error();
        }
    return {};
}

std::expected<console::BoardLine, std::string> look(Client& client, const std::string& board) {
    const auto told = ask(client, console::ShowBoards{});
    if (!told) return std::unexpected{told.error()};
    for (const auto& line : std::get<std::vector<console::BoardLine>>(*told))
        if (line.name == board) return line;
    return std::unexpected{"the board is gone"};
}

}  // namespace

int update_board(const UpdateFirmware& command, const std::string& socket) {
    std::vector<std::string> images;
    for (const auto& name : command.files) {
        std::ifstream file{name, std::ios::binary};
        images.emplace_back(std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{});
        if (images.back().empty()) return failed(exit_unavailable, name + " cannot be read");
    }
    auto client = Client::connect(socket);
    if (!client) return failed(exit_unavailable, client.error());
    if (const auto why = hand_over(*client, command.board, images); !why.empty())
        return failed(exit_refused, why);
    for (std::string told;; std::this_thread::sleep_for(looks_again)) {
        const auto line = look(*client, command.board);
        if (!line)
            return failed(exit_unavailable,
                          line.error() +
                              "; the update is cut off, and where the board does not "
                              "run the new firmware, it runs what it had: order it again");
        if (line->updating && line->update != told) fmt::print("{}\n", line->update);
        told = line->update;
        static_cast<void>(std::fflush(stdout));
        if (line->updating) continue;
        if (!told.starts_with("done")) return failed(exit_refused, told);
        fmt::print("{}\n", told);
        return exit_done;
    }
}

}  // namespace holdfast::tool
