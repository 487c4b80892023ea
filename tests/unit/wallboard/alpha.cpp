#include "wallboard/alpha_driver.hpp"
#include "wallboard/ready_made.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace holdfast;
using namespace holdfast::wallboard;

namespace {

constexpr Instant begin{1000s};

alpha::Settings sign() {
    const std::vector<QueueName> queues{{"sales", QueueId{1}}};
    alpha::Settings s;
    s.layout = *ready_made(ReadyMade::one_queue, queues, Geometry{Unit::characters, 30, 2});
    return s;
}

Figures waiting(std::uint32_t count) {
    Figures f;
    f.scopes.resize(2);
    f.scopes[1].waiting = count;
    return f;
}

/// What a driver sends until it has nothing more to do before `until`; time jumps to each wake-up.
struct Line {
    alpha::AlphaDriver& driver;
    Instant now = begin;

    struct Sent {
        Instant at;
        std::string bytes;
    };
    std::vector<Sent> until(Instant end) {
        std::vector<Sent> all;
        while (now < end) {
            const auto bytes = driver.next(now);
            if (!bytes.empty()) all.push_back({now, bytes});
            now = std::max(now + 1us, std::min(driver.wake(), end));
        }
        return all;
    }
    std::string all_until(Instant end) {
        std::string bytes;
        for (const auto& sent : until(end))
            bytes += sent.bytes;
        return bytes;
    }
};

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1))
        ++n;
    return n;
}

}  // namespace

TEST_CASE("alpha: the two published checksums", "[wallboard]") {
    CHECK(alpha::checksum("\x02"
                          "AAHELLO\x03") == "01FB");
    CHECK(alpha::checksum("\x02"
                          "GaREAD ME\x03") == "027B");
}

TEST_CASE("alpha: a packet is framed, nested and paused as the sign wants it", "[wallboard]") {
    const auto pieces = alpha::packet({'Z', "00"}, {"AAHELLO", "GaREAD ME"});
    REQUIRE(pieces.size() == 3);
    CHECK(pieces[0].bytes == std::string(5, '\0') + "\x01Z00\x02");
    CHECK(pieces[1].bytes ==
          "AAHELLO\x03"
          "01FB\x02");
    CHECK(pieces[2].bytes ==
          "GaREAD ME\x03"
          "027B\x04");
    CHECK(pieces[0].pause >= 100ms);
    CHECK(pieces[1].pause >= 100ms);
}

TEST_CASE("alpha: commands as the manual writes them", "[wallboard]") {
    CHECK(alpha::clear_memory() == "E$");
    CHECK(alpha::configure_memory({{'A', true, 256}, {'a', false, 16}}) ==
          "E$AAL0100FFFFaBL00100000");
    CHECK(alpha::memory_of({{'A', true, 256}, {'a', false, 16}}) == 256 + 16 + 22);
    CHECK(alpha::write_text('A', 'b', "x") ==
          "AA\x1b\x30"
          "bx");
    CHECK(alpha::write_priority('c', "FIRE") ==
          "A0\x1b\x30"
          "cFIRE");
    CHECK(alpha::release_priority() == "A0");
    CHECK(alpha::show_in_turn("AB") == "E.SUAB");
}

TEST_CASE("alpha: a new layout is written after a bare clear, and once", "[wallboard]") {
    alpha::AlphaDriver driver{sign()};
    Line line{driver};
    driver.connected(begin);
    driver.show(waiting(1), begin);
    const auto sent = line.until(begin + 60s);
    std::string all;
    Instant cleared{}, configured{};
    for (const auto& s : sent) {
        all += s.bytes;
        if (s.bytes.starts_with("E$\x03")) cleared = s.at;
        if (s.bytes.starts_with("E$A")) configured = s.at;
    }
    CHECK(cleared != Instant{});
    CHECK(configured - cleared >= 2s);
    CHECK(driver.applied() == driver.memory_hash());
    CHECK(count(all, "E.SUA") == 1);
    CHECK(count(all,
                "\x02"
                "A0\x03") +
              count(all, "A0\x03") >
          0);  // no alarm of a life before

    // From then on a change costs one string, and no text is written.
    driver.show(waiting(2), line.now);
    const auto change = line.all_until(line.now + 5s);
    CHECK(count(change, "Ga") == 1);
    CHECK(change.find("AA\x1b") == change.npos);
    CHECK(change.find("  2") != change.npos);
    driver.show(waiting(2), line.now);
    CHECK(line.all_until(line.now + 5s).empty());
}

TEST_CASE("alpha: a sign that has the layout already is not erased", "[wallboard]") {
    const alpha::AlphaDriver first{sign()};
    auto settings = sign();
    settings.applied = first.memory_hash();
    alpha::AlphaDriver driver{settings};
    Line line{driver};
    driver.connected(begin);
    driver.show(waiting(1), begin);
    const auto all = line.all_until(begin + 60s);
    CHECK(all.find("E$") == all.npos);
    CHECK(count(all, "AA\x1b") == 1);
    // Every quarter of an hour all is written anew: the sign may have lost something.
    const auto again = line.all_until(begin + 16min);
    CHECK(count(again, "AA\x1b") == 1);
    CHECK(count(again, "Ga") == 1);
}

TEST_CASE("alpha: packets keep their distance, also counted from the last bit", "[wallboard]") {
    alpha::AlphaDriver driver{sign()};
    Line line{driver};
    driver.connected(begin);
    driver.show(waiting(1), begin);
    Instant free{};  // when the line has carried what was sent
    for (const auto& s : line.until(begin + 2min)) {
        if (s.bytes.starts_with('\0')) CHECK(s.at - free >= 250ms);
        const auto bits = static_cast<std::int64_t>(s.bytes.size()) * 10;
        free = std::max(free, s.at) + Micros{bits * 1'000'000 / 9600};
        driver.show(waiting(static_cast<std::uint32_t>(s.bytes.size())), s.at);
    }
}

TEST_CASE("alpha: an alarm hides the values until it is over or acknowledged", "[wallboard]") {
    alpha::AlphaDriver driver{sign()};
    Line line{driver};
    driver.connected(begin);
    auto f = waiting(1);
    driver.show(f, begin);
    line.until(begin + 60s);
    f.alarms = {{"SALES WAITS", 7, true, false}, {"a lesser one", 3, true, false}};
    driver.show(f, line.now);
    const auto raised = line.all_until(line.now + 5s);
    CHECK(count(raised,
                "A0\x1b\x30"
                "a\x1c\x31"
                "SALES WAITS\x03") == 1);
    CHECK(raised.find("lesser") == raised.npos);
    f.alarms[0].acknowledged = true;  // somebody cares: the next one is shown
    driver.show(f, line.now);
    CHECK(count(line.all_until(line.now + 5s), "a lesser one") == 1);
    f.alarms.clear();
    driver.show(f, line.now);
    const auto released = line.all_until(line.now + 5s);
    CHECK(count(released, "A0\x03") == 1);
}

TEST_CASE("alpha: bytes of a 7-bit line, and strings that fit their files", "[wallboard]") {
    auto settings = sign();
    Cell praise;
    praise.value = find_value("praise");
    praise.width = 10;
    settings.layout.pages[0].rows[0].cells = {praise};
    alpha::AlphaDriver driver{settings};
    Line line{driver};
    driver.connected(begin);
    auto f = waiting(1);
    f.praise = "Nov\xc3\xa1k answered a hundred calls";
    driver.show(f, begin);
    const auto all = line.all_until(begin + 60s);
    for (const char c : all)
        CHECK(static_cast<unsigned char>(c) < 0x80);
    const auto at = all.find(
                        "\x02"
                        "Ga") == all.npos
                        ? all.find("Ga")
                        : all.find(
                              "\x02"
                              "Ga") +
                              1;
    const auto end = all.find('\x03', at);
    CHECK(end - at - 2 <= 18);
    CHECK(all.find("Novak answ") != all.npos);
}

TEST_CASE("alpha: a layout that does not fit the sign's memory is refused", "[wallboard]") {
    const auto settings = sign();
    CHECK(alpha::misfits(settings.layout, 8000).empty());
    const auto small = alpha::misfits(settings.layout, 500);
    REQUIRE(small.size() == 1);
    CHECK(small.front().find("too many") != std::string::npos);
}
