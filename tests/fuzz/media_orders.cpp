// Any bytes as messages of the daemon: read or refused, and what is read can be carried out.
#include "fuzz/fuzz.hpp"
#include "media/media_server.hpp"

#include <memory>
#include <string>
#include <type_traits>
#include <vector>

using namespace holdfast;
using namespace holdfast::media;

namespace {

struct CheckedWire : Wire {
    void send(Slot, Channel, const Endpoint& to, Bytes bytes) override {
        ensure(to.port != 0 && to.address && !to.address.unspecified(), "sent to nowhere");
        ensure(parse_rtcp(bytes).has_value() || parse_rtp(bytes).has_value(),
               "a packet that cannot be read");
    }
    void report(const Report& report) override {
        const auto bytes = to_bytes(report);
        ensure(bytes.size() <= most_message_bytes, "a report that does not fit");
        ensure(read_report(bytes).has_value(), "a report that cannot be read");
    }
};

void carry_out(MediaServer& server, const Order& order, Instant now) {
    std::visit(
        [&](const auto& known) {
            using T = std::decay_t<decltype(known)>;
            if constexpr (std::is_same_v<T, Open>)
                static_cast<void>(server.open(known.media, known.port));
            else if constexpr (std::is_same_v<T, Close>)
                server.take(known, now);
            else if constexpr (std::is_same_v<T, media::List>)
                server.take(known);
            else if constexpr (std::is_same_v<T, LoadSource> || std::is_same_v<T, LoadTone>)
                static_cast<void>(server.expect_source(known.source));
            else if constexpr (!std::is_same_v<T, Greet>)
                static_cast<void>(server.take(known, now));
        },
        order);
}

const SourcePtr& tone() {
    static const SourcePtr made = make_tone({{1}, 440, 0, 100, 0, 1}).value();
    return made;
}

}  // namespace

/// Messages one behind the other, each after two octets of length; 20 ms go by between them.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static_cast<void>(read_report(fuzz::text_of(data, size)));
    // One for all inputs, because it is large; every input leaves it without endpoints.
    static CheckedWire wire;
    static const auto server =
        std::make_unique<MediaServer>(Seed{}, WallAnchor{.at = Instant{1000s}}, wire);
    Instant now{1000s};
    server->take(SourceId{1}, tone(), now);
    std::vector<MediaId> opened;
    auto rest = fuzz::text_of(data, size);
    while (rest.size() >= 2) {
        const auto low = static_cast<std::uint8_t>(rest[0]);
        const auto high = static_cast<std::uint8_t>(rest[1]);
        const std::size_t length = low + std::size_t{256} * high;
        const auto bytes = rest.substr(2, length);
        rest.remove_prefix(2 + bytes.size());
        if (const auto order = read_order(bytes)) {
            ensure(to_bytes(*order) == bytes, "an order that reads as another");
            if (const auto* const open = std::get_if<Open>(&*order)) opened.push_back(open->media);
            carry_out(*server, *order, now);
        }
        now += 20ms;
        server->advance(now);
    }
    server->advance(now + 30s);
    for (const MediaId media : opened)
        server->take(Close{media}, now + 30s);
    ensure(server->next_deadline() == never, "a deadline of nobody");
    return 0;
}
