// Any octets to a board and to the daemon: frames are found or counted, bodies are read or refused,
// and what is read is written again as the same octets.
#include "fuzz/fuzz.hpp"
#include "link/receiver.hpp"
#include "link/sender.hpp"

#include <algorithm>

using namespace holdfast;
using namespace holdfast::link;

namespace {

template <class T>
void same_again(const Request& request) {
    const auto body = read_body<T>(request.body);
    if (!body) return;
    std::array<std::uint8_t, most_payload> room;
    Writer writer{room};
    writer.write(*body);
    ensure(writer.ok() && std::ranges::equal(Bytes{room}.first(writer.size()), request.body),
           "a body that reads as another");
}

void read_as_kind(const Request& request) {
    switch (static_cast<Kind>(request.kind)) {
        case Kind::hello:
            return same_again<Hello>(request);
        case Kind::status:
            return same_again<Status>(request);
        case Kind::layout:
            return same_again<Layout>(request);
        case Kind::set:
            return same_again<Set>(request);
        case Kind::commit:
            return same_again<Commit>(request);
        case Kind::palette:
            return same_again<SetPalette>(request);
        case Kind::brightness:
            return same_again<Brightness>(request);
        case Kind::time:
            return same_again<Time>(request);
        case Kind::bitmap:
            return same_again<Bitmap>(request);
        case Kind::screen:
            return same_again<ShowScreen>(request);
        case Kind::snapshot:
            return same_again<Snapshot>(request);
        case Kind::reboot:
            return same_again<Reboot>(request);
        case Kind::fw_begin:
            return same_again<FwBegin>(request);
        case Kind::fw_data:
            return same_again<FwData>(request);
        case Kind::fw_end:
            return same_again<FwEnd>(request);
        case Kind::fw_confirm:
            return same_again<FwConfirm>(request);
    }
}

void read_answer_bodies(const Answer& answer) {
    static_cast<void>(read_body<HelloAnswer>(answer.body));
    static_cast<void>(read_body<StatusAnswer>(answer.body));
    static_cast<void>(read_body<CommitAnswer>(answer.body));
    static_cast<void>(read_body<SnapshotAnswer>(answer.body));
    ensure(!sentence(answer.refusal).empty(), "a refusal without a sentence");
}

/// The input as a payload of a good frame: a checksum is not to be guessed.
void framed(Bytes payload) {
    FrameBuffer room;
    const Bytes frame = write_frame(room, 1, payload);
    ensure(frame.empty() == (payload.size() > most_payload), "a frame that is not written");
    Receiver board{1};
    Deframer daemon;
    std::optional<Request> request;
    for (const std::uint8_t octet : frame) {
        if (const auto heard = board.take(octet)) request = heard;
        if (const auto heard = daemon.take(octet))
            if (const auto answer = read_answer(*heard)) read_answer_bodies(*answer);
    }
    if (request) read_as_kind(*request);
    ensure(board.counters().frames == (frame.empty() ? 0 : 1), "a frame that is not found");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    framed({data, size});
    Receiver board{1};
    Sender daemon;
    static_cast<void>(daemon.ask(1, Hello{}, Instant{1s}));
    for (const std::uint8_t octet : Bytes{data, size}) {
        if (const auto request = board.take(octet)) read_as_kind(*request);
        if (const auto answer = daemon.take(octet)) read_answer_bodies(*answer);
    }
    return 0;
}
