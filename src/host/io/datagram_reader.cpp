#include "host/io/datagram_reader.hpp"

#include "host/io/socket_address.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <sys/socket.h>

namespace holdfast::host {
namespace {

constexpr std::size_t stamp_bytes = CMSG_SPACE(sizeof(timespec));

WallInstant stamp_of(msghdr& header) {
    for (auto* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
        timespec time{};
        std::memcpy(&time, CMSG_DATA(c), sizeof time);
        return wall_of(time);
    }
    return {};
}

}  // namespace

struct DatagramReader::Slots {
    struct Control {
        alignas(cmsghdr) std::array<std::byte, stamp_bytes> bytes;
    };
    std::vector<mmsghdr> headers;
    std::vector<iovec> parts;
    std::vector<SocketAddress> addresses;
    std::vector<Control> controls;
};

DatagramReader::DatagramReader(std::size_t most_datagrams, std::size_t most_bytes)
    : most_bytes_{most_bytes},
      slots_{std::make_unique<Slots>()},
      bytes_(most_datagrams * most_bytes),
      datagrams_(most_datagrams) {
    slots_->headers.resize(most_datagrams);
    slots_->parts.resize(most_datagrams);
    slots_->addresses.resize(most_datagrams);
    slots_->controls.resize(most_datagrams);
    for (std::size_t i = 0; i < most_datagrams; ++i) {
        slots_->parts[i] = {bytes_.data() + i * most_bytes, most_bytes};
        auto& header = slots_->headers[i].msg_hdr;
        header.msg_iov = &slots_->parts[i];
        header.msg_iovlen = 1;
        header.msg_name = &slots_->addresses[i];
        header.msg_control = slots_->controls[i].bytes.data();
    }
}

DatagramReader::~DatagramReader() = default;

std::span<const Datagram> DatagramReader::read(int socket, const ClockSample& clocks) {
    for (auto& slot : slots_->headers) {  // the kernel wrote the sizes it used
        slot.msg_hdr.msg_namelen = sizeof(SocketAddress);
        slot.msg_hdr.msg_controllen = stamp_bytes;
    }
    const int count = recvmmsg(socket,
                               slots_->headers.data(),
                               static_cast<unsigned>(slots_->headers.size()),
                               MSG_DONTWAIT,
                               nullptr);
    if (count <= 0) return {};
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        auto& slot = slots_->headers[i];
        datagrams_[i] = {.from = endpoint_of(slots_->addresses[i]),
                         .bytes = {bytes_.data() + i * most_bytes_, slot.msg_len},
                         .received_at = stamps_.instant_of(stamp_of(slot.msg_hdr), clocks),
                         .truncated = (slot.msg_hdr.msg_flags & MSG_TRUNC) != 0};
    }
    return std::span{datagrams_}.first(static_cast<std::size_t>(count));
}

void DatagramReader::drain(int socket, std::size_t most) {
    const ClockSample clocks = sample_clocks();
    for (std::size_t drained = 0; drained < most;) {
        const auto datagrams = read(socket, clocks);
        if (datagrams.empty()) return;
        drained += datagrams.size();
    }
}

}  // namespace holdfast::host
