#include "firmware/update/image.hpp"

#include "firmware/update/sha2.hpp"

#include <algorithm>

namespace holdfast::firmware {
namespace {

using link::Bytes;
using link::Refusal;

constexpr std::size_t board_at = 16;
constexpr std::size_t version_at = 40;
constexpr std::size_t text_room = 24;
constexpr std::size_t digest_at = 96;
constexpr std::size_t signature_at = 128;

/// Up to the first zero.
std::string_view text_at(Bytes image, std::size_t at) {
    const Bytes room = image.subspan(at, text_room);
    const auto size = std::ranges::find(room, 0) - room.begin();
    return {reinterpret_cast<const char*>(room.data()), static_cast<std::size_t>(size)};
}

}  // namespace

std::optional<ImageHeader> read_header(Bytes image) {
    if (image.size() < header_octets) return std::nullopt;
    link::Reader reader{image};
    std::uint32_t magic = 0;
    ImageHeader header;
    reader.read(magic);
    reader.read(header.size);
    reader.read(header.security);
    reader.read(header.address);
    if (magic != image_magic) return std::nullopt;
    header.board = text_at(image, board_at);
    header.version = text_at(image, version_at);
    return header;
}

Refusal judge_header(Bytes image, const Wanted& wanted) {
    const auto header = read_header(image);
    if (!header) return Refusal::damaged;
    if (header->board != wanted.board || header->address != wanted.address)
        return Refusal::wrong_board;
    if (header->security < wanted.least_security) return Refusal::older;
    if (header->size == 0 || header->size > wanted.room - image_header) return Refusal::too_large;
    return Refusal::done;
}

Refusal judge_image(Bytes slot, const Wanted& wanted) {
    const Refusal refusal = judge_header(slot, wanted);
    if (refusal != Refusal::done) return refusal;
    const Bytes code = slot.subspan(image_header, read_header(slot)->size);
    if (!std::ranges::equal(Sha256::of(code), slot.subspan(digest_at, 32))) return Refusal::damaged;
    Signature signature{};
    std::ranges::copy(slot.subspan(signature_at, signature.size()), signature.begin());
    return signed_by(wanted.key, slot.first(signed_octets), signature) ? Refusal::done
                                                                       : Refusal::forged;
}

}  // namespace holdfast::firmware
