// Any bytes as a stream: however they are cut, the same messages come out, and the same fault.
#include "fuzz/fuzz.hpp"
#include "sip/message.hpp"
#include "sip/stream.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace holdfast;
using namespace holdfast::sip;

namespace {

struct Outcome {
    std::vector<std::string> items;  // messages, and "ping"
    std::optional<Fault> fault;
    std::size_t pending = 0;
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// False where the stream is broken.
bool drain(StreamFramer& framer, Outcome& out) {
    for (;;) {
        const auto next = framer.next();
        if (!next) {
            out.fault = next.error();
            return false;
        }
        if (!*next) return true;
        const auto& item = **next;
        if (item.kind == StreamFramer::Kind::message) out.items.emplace_back(item.bytes);
        if (item.kind == StreamFramer::Kind::ping) out.items.emplace_back("ping");
    }
}

template <class CutAt>
Outcome frame(std::string_view bytes, CutAt&& cut_at) {
    StreamFramer framer;
    Outcome out;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto size = std::min(cut_at(at), bytes.size() - at);
        framer.add(bytes.substr(at, size));
        at += size;
        if (!drain(framer, out)) return out;
    }
    out.pending = framer.pending();
    return out;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = fuzz::text_of(data, size);
    const auto whole = frame(bytes, [&](std::size_t) { return bytes.size(); });
    const auto single = frame(bytes, [](std::size_t) { return std::size_t{1}; });
    const auto mixed = frame(bytes, [&](std::size_t at) {
        return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])) + 1;
    });
    ensure(whole == single, "cut into bytes, a stream has the same messages");
    ensure(whole == mixed, "however cut, a stream has the same messages");
    for (const auto& item : whole.items) {
        Message m;
        const auto read = m.read(item);
        // The framer has measured by Content-Length: the reader must see the same body.
        if (read) ensure(m.body().data() + m.body().size() == item.data() + item.size(), "body");
    }
    return 0;
}
