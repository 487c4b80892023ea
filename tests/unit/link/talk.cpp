// Both halves over lines that lose, damage and double octets.
#include "base/random.hpp"
#include "link/receiver.hpp"
#include "link/sender.hpp"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::link;

namespace {

std::optional<Request> heard(Receiver& board, Bytes line) {
    std::optional<Request> request;
    for (const std::uint8_t octet : line)
        if (const auto found = board.take(octet)) request = found;
    return request;
}
std::optional<Answer> heard(Sender& daemon, Bytes line) {
    std::optional<Answer> answer;
    for (const std::uint8_t octet : line)
        if (const auto found = daemon.take(octet)) answer = found;
    return answer;
}

constexpr Instant start{1000s};

}  // namespace

TEST_CASE("a request is answered with its sequence, and the next one has another") {
    Sender daemon;
    Receiver board{7};
    FrameBuffer room{};
    std::optional<std::uint8_t> before;
    for (int i = 0; i < 600; ++i) {
        const auto request = heard(board, daemon.ask(7, Commit{5}, start));
        REQUIRE(request);
        CHECK(daemon.busy());
        CHECK(request->sequence != before);
        before = request->sequence;
        CHECK(read_body<Commit>(request->body)->layout == 5);
        const auto answer = heard(daemon, write_answer(room, 7, *request, CommitAnswer{1, 2}));
        REQUIRE(answer);
        CHECK(read_body<CommitAnswer>(answer->body)->commits == 2);
        CHECK_FALSE(daemon.busy());
    }
    CHECK(daemon.counters().answered == 600);
}

TEST_CASE("boards on one line hear what is for them and what is for all") {
    Sender daemon;
    Receiver first{1};
    Receiver second{2};
    const Bytes frame = daemon.ask(2, Hello{}, start);
    CHECK_FALSE(heard(first, frame));
    const auto request = heard(second, frame);
    REQUIRE(request);
    FrameBuffer room{};
    const Bytes answer = write_answer(room, 2, *request, Refusal::busy);
    CHECK_FALSE(heard(first, answer));
    CHECK(heard(daemon, answer)->refusal == Refusal::busy);

    const Bytes to_all = daemon.tell_all(Brightness{9});
    CHECK_FALSE(daemon.busy());
    CHECK(heard(first, to_all)->node == broadcast);
    CHECK(heard(second, to_all)->node == broadcast);
}

TEST_CASE("a silent board is asked three times, and given up") {
    Sender daemon;
    const Bytes frame = daemon.ask(1, Hello{}, start);
    const std::vector<std::uint8_t> first{frame.begin(), frame.end()};
    auto now = start;
    for (const Due due : {Due::again, Due::again, Due::gave_up}) {
        const auto deadline = daemon.next_deadline();
        CHECK(deadline > now);
        CHECK(daemon.advance(deadline - 1us) == Due::nothing);
        now = deadline;
        CHECK(daemon.advance(now) == due);
        if (due == Due::again)
            CHECK(std::vector<std::uint8_t>(daemon.frame().begin(), daemon.frame().end()) == first);
    }
    CHECK_FALSE(daemon.busy());
    CHECK(daemon.counters().given_up == 1);
}

TEST_CASE("answers to earlier requests, of other boards and of other kinds are strays") {
    Sender daemon;
    FrameBuffer room{};
    const auto asked = [&](std::uint8_t node, std::uint8_t kind, int sequence_off) {
        return Request{.node = node,
                       .version = protocol_version,
                       .kind = kind,
                       .sequence = static_cast<std::uint8_t>(1 + sequence_off)};
    };
    static_cast<void>(daemon.ask(1, Hello{}, start));
    CHECK_FALSE(heard(daemon, write_answer(room, 2, asked(2, 0, 0), Refusal::done)));
    CHECK_FALSE(heard(daemon, write_answer(room, 1, asked(1, 0, 1), Refusal::done)));
    CHECK_FALSE(heard(daemon, write_answer(room, 1, asked(1, 3, 0), Refusal::done)));
    CHECK(daemon.busy());
    CHECK(heard(daemon, write_answer(room, 1, asked(1, 0, 0), Refusal::done)));
    CHECK_FALSE(heard(daemon, write_answer(room, 1, asked(1, 0, 0), Refusal::done)));
    CHECK(daemon.counters().strays == 4);
}

TEST_CASE("an answer in another version is an answer") {
    Sender daemon;
    static_cast<void>(daemon.ask(1, Hello{}, start));
    FrameBuffer room{};
    const std::array<std::uint8_t, 6> payload{
        2, answer_bit, 1, static_cast<std::uint8_t>(Refusal::wrong_version), 2, 0};
    const auto answer = heard(daemon, write_frame(room, 1, payload));
    REQUIRE(answer);
    CHECK(answer->version == 2);
    CHECK(answer->refusal == Refusal::wrong_version);
    CHECK(answer->detail == 2);
}

TEST_CASE("what does not fit into a frame is not asked") {
    Sender daemon;
    const std::string long_text(most_text_bytes, 'x');
    Set set{.layout = 1, .values = {}};
    for (std::uint8_t i = 0; i < 5; ++i)
        REQUIRE(set.values.push_back({i, {}, long_text}));
    CHECK(daemon.ask(1, set, start).empty());
    CHECK_FALSE(daemon.busy());
    set.values.pop_back();
    CHECK_FALSE(daemon.ask(1, set, start).empty());
}

// 115,200 baud are 11,520 octets a second; ten updates a second with their COMMIT and both answers
// must leave more than half of the line free.
TEST_CASE("a full update of a 256x32 board costs less than half of the line at ten a second") {
    Set set{.layout = 0xdeadbeef, .values = {}};
    for (std::uint8_t i = 0; i < 20; ++i)  // four rows of 51 characters: 20 values of ten
        REQUIRE(set.values.push_back({i, {}, "0123456789"}));
    FrameBuffer room{};
    const std::size_t update = write_request(room, 1, 0, set).size();
    CHECK(update <= 300);
    const std::size_t commit = write_request(room, 1, 0, Commit{0xdeadbeef}).size();
    const Request to{.version = protocol_version};
    const std::size_t answers = write_answer(room, 1, to, Refusal::done).size() +
                                write_answer(room, 1, to, CommitAnswer{}).size();
    CHECK(10 * (update + commit + answers) < 11'520 / 2);
}

TEST_CASE("every request comes through a line that loses and damages one octet in five hundred") {
    auto random = Random::from(7);
    Sender daemon{{.baud = 115'200, .patience = 150ms, .attempts = 200}};
    Receiver board{1};
    auto now = start;
    const auto noisy = [&](Bytes line) {
        std::vector<std::uint8_t> out;
        for (const std::uint8_t octet : line) {
            const auto chance = random.below(1000);
            if (chance == 0) continue;
            out.push_back(chance == 1 ? static_cast<std::uint8_t>(random.below(256)) : octet);
        }
        return out;
    };
    for (std::uint32_t i = 0; i < 300; ++i) {
        auto line = noisy(daemon.ask(1, Commit{i}, now));
        for (bool answered = false; !answered;) {
            if (const auto request = heard(board, line)) {
                CHECK(read_body<Commit>(request->body)->layout == i);
                FrameBuffer room{};
                const auto back = noisy(write_answer(room, 1, *request, CommitAnswer{0, i}));
                if (const auto answer = heard(daemon, back)) {
                    CHECK(read_body<CommitAnswer>(answer->body)->commits == i);
                    break;
                }
            }
            now = daemon.next_deadline();
            REQUIRE(daemon.advance(now) == Due::again);
            line = noisy(daemon.frame());
        }
    }
    CHECK(daemon.counters().answered == 300);
    CHECK(daemon.counters().repeated > 0);
}

TEST_CASE("no octet of a body that is cut or too long is taken for a message") {
    FrameBuffer room{};
    Deframer deframer;
    Layout layout{.layout = 3, .part = 0, .parts = 1, .cells = {}};
    REQUIRE(layout.cells.push_back({.id = 1, .width = 10, .height = 10}));
    std::optional<Frame> frame;
    for (const std::uint8_t octet : write_request(room, 1, 1, layout))
        if (const auto found = deframer.take(octet)) frame = found;
    REQUIRE(frame);
    const Bytes body = read_request(*frame)->body;
    CHECK(read_body<Layout>(body));
    for (std::size_t size = 0; size < body.size(); ++size)
        CHECK_FALSE(read_body<Layout>(body.first(size)));
    std::vector<std::uint8_t> longer{body.begin(), body.end()};
    longer.push_back(0);
    CHECK_FALSE(read_body<Layout>(longer));
}
