// Updates over the link: whatever happens and whenever power goes, an image that is good runs.
#include "firmware/update/recovery.hpp"
#include "unit/firmware/update_bench.hpp"

using namespace holdfast;
using namespace holdfast::firmware;
using namespace holdfast::firmware::test;
using link::Refusal;

namespace {

struct Shop {
    Signer signer;
    Identity identity{"bench", signer.public_key()};
    FakeFlash flash;

    explicit Shop(std::uint32_t security = 1) {
        install(flash, 0, image({.version = "old", .security = security}));
    }
    Octets image(const Recipe& recipe) const { return image_of(recipe, signer, flash); }
    Octets newer() const { return image({.version = "new", .slot = 1, .security = 1}); }
    std::optional<std::uint8_t> boot() { return choose_slot(flash, identity); }
    Updater updater(std::uint8_t running = 0) { return {flash, identity, running}; }
    std::string runs() {
        const auto slot = boot();
        if (!slot) return "recovery";
        return std::string{read_header(flash.content(slots[*slot]))->version};
    }
};

}  // namespace

TEST_CASE("a new image is tried three times and given up where nobody confirms it") {
    Shop shop;
    CHECK(shop.runs() == "old");
    auto updater = shop.updater();
    CHECK(send(updater, shop.newer()) == Refusal::done);
    for (int start = 0; start < 3; ++start)
        CHECK(shop.runs() == "new");
    for (int start = 0; start < 3; ++start)
        CHECK(shop.runs() == "old");
}

TEST_CASE("a confirmed image stays, and the one before it can be updated") {
    Shop shop;
    auto updater = shop.updater();
    CHECK(send(updater, shop.newer()) == Refusal::done);
    CHECK(shop.boot() == 1);
    auto now = shop.updater(1);
    CHECK_FALSE(now.confirmed());
    CHECK(now.confirm().refusal == Refusal::done);
    CHECK(now.confirm().refusal == Refusal::done);
    CHECK(now.confirmed());
    for (int start = 0; start < 9; ++start)
        CHECK(shop.runs() == "new");
    CHECK(send(now, shop.image({.version = "third", .slot = 0})) == Refusal::done);
    CHECK(shop.runs() == "third");
}

TEST_CASE("an image is refused for what is wrong with it, and the old one runs") {
    Shop shop{5};
    REQUIRE(shop.updater().confirm().refusal == Refusal::done);
    const Signer stranger;
    auto forged = image_of({.slot = 1, .security = 5}, stranger, shop.flash);
    auto damaged = shop.image({.slot = 1, .security = 5});
    damaged[700] ^= 1;
    const std::array<std::pair<Octets, Refusal>, 6> wrong{{
        {forged, Refusal::forged},
        {damaged, Refusal::damaged},
        {shop.image({.board = "other", .slot = 1, .security = 5}), Refusal::wrong_board},
        {shop.image({.slot = 0, .security = 5}), Refusal::wrong_board},  // for the running slot
        {shop.image({.slot = 1, .security = 4}), Refusal::older},
        {shop.image({.slot = 1, .security = 5, .size = 4000}), Refusal::too_large},
    }};
    for (const auto& [image, refusal] : wrong) {
        auto updater = shop.updater();
        CHECK(text(send(updater, image)) == text(refusal));
        CHECK(shop.runs() == "old");
    }
}

TEST_CASE("the boot loader itself runs nothing that is wrong, whoever put it there") {
    Shop shop{5};
    REQUIRE(shop.updater().confirm().refusal == Refusal::done);
    const Signer stranger;
    for (const auto& image : {image_of({.slot = 1, .security = 5}, stranger, shop.flash),
                              shop.image({.version = "low", .slot = 1, .security = 4}),
                              shop.image({.board = "other", .slot = 1, .security = 5})}) {
        shop.flash.areas[1].assign(FakeFlash::slot_size, 0xff);
        install(shop.flash, 1, image);
        REQUIRE(
            write_notes(shop.flash, {.least_security = 5, .active = 0, .trial = 1, .tries = 3}));
        CHECK(shop.runs() == "old");
    }
    shop.flash.areas[0][100] ^= 1;
    CHECK(shop.runs() == "recovery");
}

TEST_CASE("where the active image is broken the other one runs") {
    Shop shop;
    install(shop.flash, 1, shop.newer());
    shop.flash.areas[0][600] ^= 1;
    CHECK(shop.runs() == "new");
}

TEST_CASE("power goes at every operation of an update, and the board always starts") {
    const auto play = [](std::optional<int> cut) {
        Shop shop;
        shop.flash.power_goes_after = cut;
        bool ended = false;
        try {
            auto updater = shop.updater();
            const auto sent = send(updater, shop.newer());
            ended = sent == Refusal::done;
            const auto booted = shop.boot();
            const auto confirmed = shop.updater(1).confirm().refusal;
            CHECK((ended && booted == 1 && confirmed == Refusal::done));
        } catch (const PowerLoss&) {}
        const int operations = shop.flash.operations;
        shop.flash.power_goes_after.reset();
        const auto runs = shop.runs();
        CHECK((runs == "old" || runs == "new"));
        if (!ended && runs == "new") CHECK(read_notes(shop.flash).trial == 1);
        // And an update can be begun again.
        const auto slot = shop.boot();
        REQUIRE(slot);
        auto updater = shop.updater(*slot);
        if (*slot == 0) {
            CHECK(send(updater, shop.newer()) == Refusal::done);
            CHECK(shop.runs() == "new");
        }
        return operations;
    };
    const int all = play(std::nullopt);
    REQUIRE(all > 250);
    for (int cut = 0; cut < all; ++cut)
        play(cut);
}

TEST_CASE("notes are those before or those after, wherever power goes between") {
    for (int first = 0; first < 12; ++first) {
        for (int cut = 0; cut < 20; ++cut) {
            FakeFlash flash;
            Notes before;
            for (int i = 0; i < first; ++i) {
                before = {.least_security = static_cast<std::uint32_t>(i), .active = 1};
                REQUIRE(write_notes(flash, before));
            }
            const Notes after{.least_security = 99, .active = 0, .trial = 1, .tries = 3};
            flash.power_goes_after = flash.operations + cut;
            bool done = false;
            try {
                done = write_notes(flash, after);
            } catch (const PowerLoss&) {}
            flash.power_goes_after.reset();
            const auto found = read_notes(flash);
            CHECK((found == before || found == after));
            if (done) CHECK(found == after);
            REQUIRE(write_notes(flash, after));
            CHECK(read_notes(flash) == after);
        }
    }
}

TEST_CASE("blocks may come twice, and none may be left out") {
    Shop shop;
    auto updater = shop.updater();
    const auto image = shop.newer();
    const link::FwBegin begin{static_cast<std::uint32_t>(image.size()),
                              link::Bytes{image}.first(header_octets)};
    const auto block = [&](std::size_t at, std::size_t size) {
        return link::FwData{static_cast<std::uint32_t>(at), link::Bytes{image}.subspan(at, size)};
    };
    CHECK(updater.data(block(0, 128)).refusal == Refusal::no_update);
    CHECK(updater.end().refusal == Refusal::no_update);
    CHECK(updater.begin(begin).refusal == Refusal::busy);
    CHECK(updater.data(block(0, 128)).refusal == Refusal::no_update);
    updater.step();
    CHECK(updater.begin(begin).refusal == Refusal::done);
    CHECK(updater.data(block(0, 128)).refusal == Refusal::done);
    CHECK(updater.data(block(0, 128)).refusal == Refusal::done);
    CHECK(updater.data(block(256, 128)).refusal == Refusal::incomplete);
    CHECK(updater.data(block(256, 128)).detail == 32);
    CHECK(updater.data(block(128, 127)).refusal == Refusal::malformed);
    CHECK(updater.end().refusal == Refusal::incomplete);
    auto other = image;
    other[5] ^= 1;
    CHECK(updater.data({0, link::Bytes{other}.first(128)}).refusal == Refusal::damaged);
    CHECK(shop.runs() == "old");
}

// ---- XMODEM -------------------------------------------------------------------------------------

namespace {

/// A sender by the book: blocks of 128, CRC-16, repeated when refused.
struct XmodemSender {
    Recovery& recovery;
    Instant now{1s};

    std::uint16_t crc(link::Bytes octets) const {
        std::uint16_t sum = 0;
        for (const auto octet : octets) {
            sum = static_cast<std::uint16_t>(sum ^ octet << 8);
            for (int i = 0; i < 8; ++i)
                sum =
                    static_cast<std::uint16_t>((sum & 0x8000) != 0 ? sum << 1 ^ 0x1021 : sum << 1);
        }
        return sum;
    }
    Octets packet(std::uint8_t number, link::Bytes data) const {
        Octets octets{1, number, static_cast<std::uint8_t>(~number)};
        octets.insert(octets.end(), data.begin(), data.end());
        octets.resize(3 + 128, 0x1a);
        const auto sum = crc(link::Bytes{octets}.subspan(3));
        octets.push_back(static_cast<std::uint8_t>(sum >> 8));
        octets.push_back(static_cast<std::uint8_t>(sum & 0xff));
        return octets;
    }
    std::optional<std::uint8_t> put(const Octets& octets) {
        std::optional<std::uint8_t> slot;
        for (const auto octet : octets)
            if (const auto done = recovery.take(octet, now)) slot = done;
        return slot;
    }
    std::uint8_t answer() {
        const auto reply = recovery.reply();
        return reply.empty() ? std::uint8_t{0} : reply[0];
    }
    void blocks(const Octets& image, std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; ++i) {
            const auto data = link::Bytes{image}.subspan(
                i * 128, std::min<std::size_t>(128, image.size() - i * 128));
            put(packet(static_cast<std::uint8_t>(i + 1), data));
            CHECK(answer() == 0x06);
        }
    }
};

std::size_t blocks_of(const Octets& image) {
    return (image.size() + 127) / 128;
}

}  // namespace

TEST_CASE("recovery takes an image by XMODEM and boots it") {
    Shop shop;
    shop.flash.areas[0][100] ^= 1;
    REQUIRE(shop.runs() == "recovery");
    Recovery recovery{shop.flash, shop.identity};
    XmodemSender sender{recovery};
    recovery.step(sender.now += 2s);
    CHECK(sender.answer() == 'C');
    const auto image = shop.newer();
    sender.blocks(image, 0, 2);
    auto broken = sender.packet(3, link::Bytes{image}.subspan(256, 128));
    broken[50] ^= 1;
    sender.put(broken);
    CHECK(sender.answer() == 0x15);
    sender.put(sender.packet(2, link::Bytes{image}.subspan(128, 128)));  // again
    CHECK(sender.answer() == 0x06);
    sender.put({1, 3});  // a block that is cut
    recovery.step(sender.now += 2s);
    CHECK(sender.answer() == 0x15);
    sender.blocks(image, 2, blocks_of(image));
    CHECK(sender.put({0x04}) == 1);
    CHECK(sender.answer() == 0x06);
    CHECK(shop.runs() == "new");
}

TEST_CASE("recovery runs nothing that is forged, and a sender may begin again") {
    Shop shop;
    const Signer stranger;
    Recovery recovery{shop.flash, shop.identity};
    XmodemSender sender{recovery};
    const auto forged = image_of({.version = "bad", .slot = 1}, stranger, shop.flash);
    sender.blocks(forged, 0, blocks_of(forged));
    CHECK_FALSE(sender.put({0x04}));
    CHECK(recovery.refusal() == Refusal::forged);
    CHECK(shop.runs() == "old");
    sender.answer();
    const auto image = shop.newer();
    sender.blocks(image, 0, 5);
    sender.put(sender.packet(9, link::Bytes{image}.first(128)));  // what it cannot be
    CHECK(sender.answer() == 0x18);
    sender.blocks(image, 0, blocks_of(image));
    CHECK(sender.put({0x04}) == 1);
    auto nowhere = shop.image({.slot = 1});
    nowhere[13] ^= 1;
    sender.answer();
    sender.put(sender.packet(1, link::Bytes{nowhere}.first(128)));
    CHECK(sender.answer() == 0x18);
    CHECK(recovery.refusal() == Refusal::wrong_board);
}
