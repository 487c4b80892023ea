#include "link/messages.hpp"

namespace holdfast::link {

std::optional<Request> read_request(const Frame& frame) {
    const Bytes payload = frame.payload;
    if (payload.size() < request_header || (payload[1] & answer_bit) != 0) return std::nullopt;
    return Request{
        frame.address, payload[0], payload[1], payload[2], payload.subspan(request_header)};
}

std::optional<Answer> read_answer(const Frame& frame) {
    const Bytes payload = frame.payload;
    if (payload.size() < answer_header || (payload[1] & answer_bit) == 0) return std::nullopt;
    Answer answer{.node = frame.address,
                  .version = payload[0],
                  .kind = static_cast<std::uint8_t>(payload[1] & ~answer_bit),
                  .sequence = payload[2],
                  .body = payload.subspan(answer_header)};
    Reader reader{payload.subspan(request_header)};
    reader.read(answer.refusal);
    reader.read(answer.detail);
    if (!reader.ok()) return std::nullopt;
    return answer;
}

Bytes write_answer(FrameBuffer& room,
                   std::uint8_t node,
                   const Request& to,
                   Refusal refusal,
                   std::uint16_t detail) {
    const std::array<std::uint8_t, answer_header> payload{
        protocol_version,
        static_cast<std::uint8_t>(to.kind | answer_bit),
        to.sequence,
        static_cast<std::uint8_t>(refusal),
        static_cast<std::uint8_t>(detail & 0xff),
        static_cast<std::uint8_t>(detail >> 8)};
    return write_frame(room, node, payload);
}

std::string_view sentence(Refusal refusal) {
    static constexpr std::array<std::string_view, enum_count<Refusal>> sentences{
        "done",
        "the board speaks another version of the protocol; update its firmware or the daemon",
        "the board does not know that kind of message; update its firmware",
        "the board could not read the message; firmware and daemon disagree about its fields",
        "the board has another layout; lay it out again",
        "the board misses an earlier part of it; send it again from the first",
        "a cell does not fit on the board; its panels are not those that the settings say",
        "the layout has no cell of that id",
        "that cell cannot show this content",
        "the board has no bitmap of that number; store it again",
        "it is larger than the board has room for",
        "the board is erasing its flash; ask again",
        "the board has no update under way, or cannot be updated over the link",
        "the image is for another board",
        "the image is older than the one that runs",
        "the image is damaged; send it again",
        "the image is not signed by the key that the board holds",
        "the board could not write its flash; replace the board"};
    return sentences[static_cast<std::size_t>(refusal)];
}

}  // namespace holdfast::link
