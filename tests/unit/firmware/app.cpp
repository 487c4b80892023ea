#include "firmware/app.hpp"

#include "unit/firmware/bench.hpp"

using namespace holdfast;
using namespace holdfast::firmware;
using namespace holdfast::firmware::test;
using namespace holdfast::link;

namespace {

const Cell whole = cell(0, CellKind::text, {0, 0, 64, 32});
const Value hello{0, {}, "hello"};

Screen screen_of(Bench& bench) {
    return bench.told<StatusAnswer>(Status{}).screen;
}

}  // namespace

TEST_CASE("the board says who it is") {
    Bench bench;
    const auto told = bench.told<HelloAnswer>(Hello{});
    CHECK(told.board == "bench");
    CHECK(told.width == 64);
    CHECK(told.height == 32);
    CHECK(told.version == "0.1.0");
    CHECK(told.boot == 99);
    CHECK(told.cause == ResetCause::power);
    CHECK(told.layout == 0);
    bench.show({whole}, {hello});
    CHECK(bench.told<HelloAnswer>(Hello{}).layout == 7);
}

TEST_CASE("nothing is seen before its commit, and then all of it at once") {
    Bench bench;
    bench.show({whole}, {hello});
    const auto before = bench.crc(0);
    CHECK(bench.refusal(bench.layout(8, {whole})) == Refusal::done);
    CHECK(bench.refusal(bench.set(8, {{0, {}, "other"}})) == Refusal::done);
    CHECK(bench.crc(0) == before);
    CHECK(bench.refusal(Commit{8}) == Refusal::done);
    CHECK(bench.crc(0) != before);
}

TEST_CASE("a picture is true for five seconds, whatever else is said") {
    Bench bench;
    CHECK(screen_of(bench) == Screen::no_data);
    bench.show({whole}, {hello});
    for (int i = 0; i < 4; ++i) {
        bench.pass(1s);
        CHECK(screen_of(bench) == Screen::picture);
    }
    CHECK(bench.refusal(Brightness{10}) == Refusal::done);
    bench.pass(1s);
    CHECK(screen_of(bench) == Screen::no_data);
    bench.pass(20ms);
    const auto after_five = crc32(bench.board.panel);
    bench.pass(960ms);
    CHECK(crc32(bench.board.panel) == after_five);
    bench.pass(40ms);
    CHECK(crc32(bench.board.panel) != after_five);  // the age goes on
    CHECK(bench.refusal(Commit{7}) == Refusal::done);
    CHECK(screen_of(bench) == Screen::picture);
}

TEST_CASE("another version is refused and shown, until ours is spoken again") {
    Bench bench;
    bench.show({whole}, {hello});
    FrameBuffer room{};
    const std::array<std::uint8_t, 3> payload{9, 0, 1};
    bench.board.written.clear();
    bench.octets(write_frame(room, 5, payload));
    REQUIRE(bench.board.written.size() == 1);
    Deframer deframer;
    std::optional<Answer> answer;
    for (const std::uint8_t octet : bench.board.written[0])
        if (const auto frame = deframer.take(octet)) answer = read_answer(*frame);
    REQUIRE(answer);
    CHECK(answer->refusal == Refusal::wrong_version);
    CHECK(answer->detail == protocol_version);
    CHECK(bench.app().screen(bench.now) == Screen::wrong_version);
    bench.pass(20ms);
    const auto warning = crc32(bench.board.panel);
    CHECK(screen_of(bench) == Screen::picture);
    bench.pass(20ms);
    CHECK(crc32(bench.board.panel) != warning);
}

TEST_CASE("what is said to all is done and not answered") {
    Bench bench;
    Sender sender;
    bench.board.written.clear();
    bench.octets(sender.tell_all(Brightness{17}));
    CHECK(bench.board.written.empty());
    CHECK(bench.app().brightness() == 17);
    bench.octets(sender.ask(6, Brightness{18}, bench.now));
    CHECK(bench.board.written.empty());
    CHECK(bench.app().brightness() == 17);
}

TEST_CASE("every request may come twice") {
    Bench bench;
    for (int i = 0; i < 2; ++i)
        CHECK(bench.refusal(bench.layout(7, {whole})) == Refusal::done);
    for (int i = 0; i < 2; ++i)
        CHECK(bench.refusal(bench.set(7, {hello})) == Refusal::done);
    for (int i = 0; i < 2; ++i)
        CHECK(bench.refusal(Commit{7}) == Refusal::done);
    CHECK(bench.told<CommitAnswer>(Commit{7}).commits == 3);
}

TEST_CASE("what is refused changes nothing, and says where") {
    Bench bench;
    bench.show({whole}, {hello});
    const auto before = bench.crc(0);
    const auto wide = cell(3, CellKind::text, {1, 0, 64, 8});
    const auto answer = bench.ask(bench.layout(8, {whole, wide}));
    CHECK(answer.refusal == Refusal::outside);
    CHECK(answer.detail == 3);
    CHECK(bench.refusal(Commit{8}) == Refusal::unknown_layout);
    CHECK(bench.ask(bench.set(7, {hello, {9, {}, "x"}})).detail == 9);
    const std::string too_long(most_text_bytes + 1, 'x');
    CHECK(bench.refusal(bench.set(7, {{0, {}, too_long}})) == Refusal::wrong_content);
    CHECK(bench.refusal(bench.set(6, {hello})) == Refusal::unknown_layout);
    CHECK(bench.refusal(Commit{7}) == Refusal::done);
    CHECK(bench.crc(0) == before);
    CHECK(bench.told<StatusAnswer>(Status{}).refused == 5);
    CHECK(bench.refusal(FwEnd{}) == Refusal::no_update);
}

TEST_CASE("a layout in parts is taken in order, and shown when it is whole") {
    Bench bench;
    auto first = bench.layout(7, {whole});
    first.parts = 3;
    auto second = bench.layout(7, {cell(1, CellKind::text, {0, 0, 8, 8})});
    second.parts = 3;
    second.part = 1;
    auto third = bench.layout(7, {cell(2, CellKind::text, {0, 0, 8, 8})});
    third.parts = 3;
    third.part = 2;
    CHECK(bench.refusal(second) == Refusal::incomplete);
    CHECK(bench.refusal(first) == Refusal::done);
    CHECK(bench.refusal(third) == Refusal::incomplete);
    CHECK(bench.refusal(second) == Refusal::done);
    CHECK(bench.refusal(second) == Refusal::done);
    CHECK(bench.ask(Commit{7}).detail == 2);
    CHECK(bench.refusal(third) == Refusal::done);
    CHECK(bench.refusal(Commit{7}) == Refusal::done);
}

TEST_CASE("octets that are no frames do no harm") {
    Bench bench;
    bench.show({whole}, {hello});
    const auto before = bench.crc(0);
    for (unsigned i = 0; i < 5000; ++i)
        bench.app().take(static_cast<std::uint8_t>(i * i >> 3 & 0xff), bench.now);
    bench.app().take(flag, bench.now);
    CHECK(bench.crc(0) == before);
    CHECK(bench.told<StatusAnswer>(Status{}).damaged > 0);
}

TEST_CASE("a picture is drawn when it has changed, and moving ones at each frame") {
    Bench bench;
    bench.show({whole}, {hello});
    bench.pass(20ms);
    auto shows = bench.board.shows;
    bench.pass(1s);
    CHECK(bench.board.shows - shows <= 1);  // a second of the clock, which nobody sees
    bench.show({whole}, {{0, {.effect = Effect::blink}, "x"}});
    shows = bench.board.shows;
    bench.pass(1s);
    CHECK(bench.board.shows - shows >= 58);
    CHECK(bench.board.shows - shows <= 61);
    CHECK(bench.board.fed > 2000);
}

TEST_CASE("a reboot is done once its answer has gone") {
    Bench bench;
    CHECK(bench.refusal(Reboot{RebootInto::recovery}) == Refusal::done);
    bench.pass(49ms);
    CHECK_FALSE(bench.board.rebooted);
    bench.pass(2ms);
    CHECK(bench.board.rebooted == RebootInto::recovery);
}

TEST_CASE("a technician's screens stay until the picture is asked for") {
    Bench bench;
    bench.show({whole}, {hello});
    CHECK(bench.refusal(ShowScreen{Screen::test}) == Refusal::done);
    CHECK(screen_of(bench) == Screen::test);
    const auto test = bench.told<SnapshotAnswer>(Snapshot{as_shown}).crc;
    CHECK(bench.refusal(ShowScreen{Screen::blank}) == Refusal::done);
    CHECK(bench.told<SnapshotAnswer>(Snapshot{as_shown}).crc != test);
    CHECK(bench.refusal(ShowScreen{Screen::no_data}) == Refusal::malformed);
    CHECK(bench.refusal(ShowScreen{Screen::picture}) == Refusal::done);
    CHECK(screen_of(bench) == Screen::picture);
}
