// link/messages.hpp: what is said in frames. A request is version, kind, sequence, body; its answer
// is version, kind | 80h, the same sequence, refusal, detail, body. README.md tells each octet.
#pragma once
#include "base/bounded_vector.hpp"
#include "link/bytes.hpp"
#include "link/frame.hpp"
#include "link/picture.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace holdfast::link {

/// Of the meaning of messages. The first three octets of a payload stay as they are in all of them.
inline constexpr std::uint8_t protocol_version = 1;
inline constexpr std::uint8_t answer_bit = 0x80;
inline constexpr std::size_t request_header = 3;
inline constexpr std::size_t answer_header = 6;
inline constexpr std::size_t most_body = most_payload - answer_header;

enum class Kind : std::uint8_t {
    hello,
    status,
    layout,
    set,
    commit,
    palette,
    brightness,
    time,
    bitmap,
    screen,
    snapshot,
    reboot,
    fw_begin,
    fw_data,
    fw_end,
    fw_confirm
};

/// Why a board did not do what was asked. `detail` says where; 0 where nothing is said here.
enum class Refusal : std::uint8_t {
    done,
    wrong_version,   ///< detail: the board's version.
    unknown_kind,    ///< detail: the kind.
    malformed,       ///< The body does not read as that kind's.
    unknown_layout,  ///< SET or COMMIT for another layout than is laid out: say LAYOUT first.
    incomplete,  ///< LAYOUT or BITMAP out of turn, COMMIT before the last part; detail: next part.
    outside,     ///< A cell does not fit on the board; detail: its id.
    no_such_cell,    ///< detail: its id.
    wrong_content,   ///< A SET that this kind of cell cannot show; detail: the cell's id.
    no_such_bitmap,  ///< detail: its number.
    too_large,       ///< A bitmap or an image; detail: what would fit, in units of 1,024 octets.
    busy,            ///< The flash is being erased, or the image checked: ask again in 100 ms.
    no_update,       ///< FW_DATA or FW_END without FW_BEGIN; boards that cannot be updated.
    wrong_board,     ///< The image is another board's.
    older,           ///< The image's security version is below the running one's.
    damaged,         ///< The image's SHA-256 is not its header's.
    forged,          ///< The signature is not by the key that the board holds.
    flash_failed     ///< detail: the block.
};

enum class ResetCause : std::uint8_t { unknown, power, pin, software, watchdog, fault, assertion };

/// What the board shows.
enum class Screen : std::uint8_t {
    picture,
    no_data,        ///< Nothing was committed for 5 s, or ever.
    wrong_version,  ///< Asked in a version of the protocol that it does not speak.
    test,
    blank
};

// ---- Requests. Each has an answer, below where it has a body.

struct Hello {
    static constexpr Kind kind = Kind::hello;
};
struct Status {
    static constexpr Kind kind = Kind::status;
};

struct Cell {
    std::uint8_t id = 0;  ///< Below most_cells.
    CellKind kind{};
    std::uint16_t x = 0;
    std::uint16_t y = 0;
    std::uint16_t width = 0;
    std::uint16_t height = 0;
    Font font{};
    Align align{};
    Look look{};
    friend constexpr bool operator==(const Cell&, const Cell&) = default;
};
inline constexpr std::size_t cell_octets = 14;
inline constexpr std::size_t most_cells_of_part = 32;

/// Part `part` of `parts` of the layout `layout` (any number but 0, best a hash of it). Part 0
/// empties what is laid out, and every cell. Nothing is seen of it before COMMIT.
struct Layout {
    static constexpr Kind kind = Kind::layout;
    std::uint32_t layout = 0;
    std::uint8_t part = 0;
    std::uint8_t parts = 1;
    BoundedVector<Cell, most_cells_of_part> cells{};
};

/// Which cell, and how it looks from now on. Two octets: effect << 6 | cell, background << 4 |
/// colour.
struct Dressed {
    std::uint8_t cell = 0;  ///< Below most_cells.
    Look look{};

    constexpr std::array<std::uint8_t, 2> packed() const {
        const auto [colours, effect] = look.packed();
        return {static_cast<std::uint8_t>(effect << 6 | cell), colours};
    }
    constexpr bool unpack(std::array<std::uint8_t, 2> bytes) {
        cell = bytes[0] & 63;
        return look.unpack({bytes[1], static_cast<std::uint8_t>(bytes[0] >> 6)});
    }
};
static_assert(most_cells == 64 && enum_count<Effect> == 4);

/// What a cell shows. Its kind tells what the octets are: UTF-8 of a text; two octets of a bar, 0
/// to 1,000 permille; an octet a point of a sparkline, 0 at the bottom, 255 at the top; the number
/// of a bitmap.
struct Value {
    Dressed at{};
    std::string_view bytes{};  ///< Views into the frame, or into the caller's own.
};
inline constexpr std::size_t value_octets = 3;  // and its bytes
inline constexpr std::size_t most_values = most_cells;

/// Cells that are not named keep what they have. Nothing is seen of it before COMMIT.
struct Set {
    static constexpr Kind kind = Kind::set;
    std::uint32_t layout = 0;
    BoundedVector<Value, most_values> values{};
};
/// Shows at once what was laid out and set, and says that it is true now: 5 s without a COMMIT, and
/// the board shows NO DATA by itself.
struct Commit {
    static constexpr Kind kind = Kind::commit;
    std::uint32_t layout = 0;
};
/// Counts from the next COMMIT, as SET does.
struct SetPalette {
    static constexpr Kind kind = Kind::palette;
    Palette colours = standard_palette;
};
struct Brightness {
    static constexpr Kind kind = Kind::brightness;
    std::uint8_t level = 255;  ///< 255: all the light there is. As the eye sees it, not linear.
};
/// The clock of the board, until the next one or until it restarts.
struct Time {
    static constexpr Kind kind = Kind::time;
    std::uint32_t local_s = 0;  ///< Seconds since local midnight.
};
/// A part of a bitmap: `bytes` from `offset` on, two pixels an octet, the left one in the high
/// bits, rows padded to octets. The first part empties the bitmap; it counts once it is whole.
struct Bitmap {
    static constexpr Kind kind = Kind::bitmap;
    std::uint8_t number = 0;
    std::uint8_t width = 0;
    std::uint8_t height = 0;
    std::uint16_t offset = 0;
    Bytes bytes{};
};
/// For technicians: a test picture or darkness, until `picture` is asked for or the board restarts.
/// Of the five only picture, test and blank can be asked for.
struct ShowScreen {
    static constexpr Kind kind = Kind::screen;
    Screen screen{};
};
inline constexpr std::uint32_t as_shown = 0xffff'ffff;
/// The CRC of the picture, as it would be `at_ms` after its COMMIT: blinking and scrolling stand
/// still there. `as_shown`: of what is shown now, whatever it is.
struct Snapshot {
    static constexpr Kind kind = Kind::snapshot;
    std::uint32_t at_ms = as_shown;
};
enum class RebootInto : std::uint8_t { application, recovery };
/// Answered first, done within 100 ms.
struct Reboot {
    static constexpr Kind kind = Kind::reboot;
    RebootInto into{};
};
/// Begins an update with the image's header; the board checks it and erases the idle slot.
struct FwBegin {
    static constexpr Kind kind = Kind::fw_begin;
    std::uint32_t size = 0;  ///< Of the whole image, header and signature included.
    Bytes header{};
};
inline constexpr std::size_t most_fw_block = 248;
struct FwData {
    static constexpr Kind kind = Kind::fw_data;
    std::uint32_t offset = 0;  ///< Blocks follow each other; one that came before is taken again.
    Bytes bytes{};
};
/// The board checks the whole image and boots it next, once, unless it is confirmed then.
struct FwEnd {
    static constexpr Kind kind = Kind::fw_end;
};
/// The running image is good: it is booted from now on.
struct FwConfirm {
    static constexpr Kind kind = Kind::fw_confirm;
};

// ---- Answers with a body. -----------------------------------------------------------------------

struct HelloAnswer {
    std::string_view board{};  ///< Its folder's name below boards/.
    std::uint16_t width = 0;
    std::uint16_t height = 0;
    std::uint8_t colour_bits = 0;  ///< Of each of red, green and blue, as lit.
    std::string_view version{};    ///< Of the firmware.
    std::uint32_t boot = 0;        ///< Another one after each start.
    ResetCause cause{};
    std::uint32_t layout = 0;  ///< That is shown; 0: none.
    std::uint8_t slot = 0;     ///< The image runs from: 0 A, 1 B.
    std::uint8_t confirmed = 0;
};
struct StatusAnswer {
    std::uint32_t boot = 0;
    std::uint32_t uptime_s = 0;
    std::uint32_t layout = 0;
    Screen screen{};
    std::uint8_t brightness = 0;
    std::uint16_t refresh_hz = 0;
    std::uint32_t frames = 0;
    std::uint32_t damaged = 0;   ///< Frames that were none, of all kinds.
    std::uint32_t overruns = 0;  ///< Octets that found the buffer full, or the UART did.
    std::uint32_t refused = 0;   ///< Requests.
};
struct CommitAnswer {
    std::uint32_t boot = 0;
    std::uint32_t commits = 0;  ///< Since the start.
};
struct SnapshotAnswer {
    std::uint32_t crc = 0;  ///< CRC-32 of one octet a pixel, its colour, row by row.
    Screen screen{};
    std::uint32_t age_ms = 0;  ///< Since the last COMMIT.
};

// ---- Payloads. ----------------------------------------------------------------------------------

/// A request as it was read. `body` is valid until the next octet is taken.
struct Request {
    std::uint8_t node = 0;  ///< As addressed: the board's, or broadcast, which is not answered.
    std::uint8_t version = 0;
    std::uint8_t kind = 0;  ///< May be none of Kind.
    std::uint8_t sequence = 0;
    Bytes body{};
};
struct Answer {
    std::uint8_t node = 0;  ///< Who answers.
    std::uint8_t version = 0;
    std::uint8_t kind = 0;  ///< Of the request.
    std::uint8_t sequence = 0;
    Refusal refusal{};
    std::uint16_t detail = 0;
    Bytes body{};
};

/// Empty where the frame is no request, or no answer.
std::optional<Request> read_request(const Frame& frame);
std::optional<Answer> read_answer(const Frame& frame);

/// The body as a T, where it is one to the last octet.
template <class T>
std::optional<T> read_body(Bytes body) {
    T value{};
    Reader reader{body};
    reader.read(value);
    if (!reader.finished()) return std::nullopt;
    return value;
}

/// A frame of a request; empty where it does not fit into a payload.
template <class T>
Bytes write_request(FrameBuffer& room, std::uint8_t node, std::uint8_t sequence, const T& body) {
    std::array<std::uint8_t, most_payload> payload;
    Writer writer{payload};
    writer.write(protocol_version);
    writer.write(T::kind);
    writer.write(sequence);
    writer.write(body);
    return writer.ok() ? write_frame(room, node, Bytes{payload}.first(writer.size())) : Bytes{};
}

/// A frame of an answer without a body: what was done, or why not.
Bytes write_answer(FrameBuffer& room,
                   std::uint8_t node,
                   const Request& to,
                   Refusal refusal,
                   std::uint16_t detail = 0);
/// A frame of an answer with one; bodies of answers always fit.
template <class T>
Bytes write_answer(FrameBuffer& room, std::uint8_t node, const Request& to, const T& body) {
    std::array<std::uint8_t, most_payload> payload;
    Writer writer{payload};
    writer.write(protocol_version);
    writer.write(static_cast<std::uint8_t>(to.kind | answer_bit));
    writer.write(to.sequence);
    writer.write(Refusal::done);
    writer.write(std::uint16_t{0});
    writer.write(body);
    return write_frame(room, node, Bytes{payload}.first(writer.size()));
}

/// What a refusal means and what to do, for a log. `detail` goes beside it.
std::string_view sentence(Refusal refusal);

}  // namespace holdfast::link
