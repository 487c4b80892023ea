"""A packet capture, and an independent reading of it: SIP messages and RTP streams with times."""
import struct
import time
from collections import namedtuple

from .codecs import G722, Opus
from .process import Process, wait_for
from .sound import DECODERS

Packet = namedtuple("Packet", "time source target payload")  # source and target: (address, port)
Rtp = namedtuple("Rtp", "time sequence stamp marker kind ssrc payload")


class Capture:
    def __init__(self, folder, what="udp"):
        self.path = folder / "capture.pcap"
        self.process = Process(
            ["tcpdump", "-i", "any", "-s", "0", "-U", "-B", "16384", "--time-stamp-precision=nano",
             "-w", self.path, what], folder / "tcpdump.log")
        wait_for("tcpdump to listen", lambda: "listening" in self.process.said())

    def stop(self):
        time.sleep(1.2)  # the kernel gives packets by the block, after a second at the latest
        self.process.stop()
        return list(read_pcap(self.path))


def frames(path):
    """(time, protocol, (source address, target address), what IPv4 carries) from a capture of "any"
    (Linux cooked, v1 or v2), once each: loopback shows every packet leaving and arriving."""
    with open(path, "rb") as file:
        data = file.read()
    magic, link = struct.unpack_from("<I", data)[0], struct.unpack_from("<I", data, 20)[0]
    per_second = {0xA1B2C3D4: 1e6, 0xA1B23C4D: 1e9}[magic]
    header = {113: 16, 276: 20}[link]
    at = 24
    while at + 16 <= len(data):
        seconds, part, size, _ = struct.unpack_from("<IIII", data, at)
        frame = data[at + 16:at + 16 + size]
        at += 16 + size
        outgoing = frame[10] == 4 if link == 276 else frame[1] == 4
        ip = frame[header:]
        if outgoing or len(ip) < 28 or ip[0] >> 4 != 4:
            continue
        addresses = tuple(".".join(map(str, ip[i:i + 4])) for i in (12, 16))
        yield seconds + part / per_second, ip[9], addresses, ip[(ip[0] & 15) * 4:]


def read_pcap(path):
    """The datagrams of a capture."""
    for instant, protocol, (source, target), datagram in frames(path):
        if protocol == 17:
            source_port, target_port = struct.unpack_from(">HH", datagram)
            yield Packet(instant, (source, source_port), (target, target_port), datagram[8:])


def rtp_to(packets, target, since=0.0, until=float("inf")):
    """RTP packets that arrived at (address, port)."""
    for packet in packets:
        p = packet.payload
        if packet.target == target and since <= packet.time <= until and len(p) >= 12 \
                and p[0] >> 6 == 2 and not 64 <= p[1] & 0x7F <= 95:
            yield Rtp(packet.time, *struct.unpack_from(">H", p, 2), *struct.unpack_from(">I", p, 4),
                      bool(p[1] & 0x80), p[1] & 0x7F, *struct.unpack_from(">I", p, 8),
                      p[12 + 4 * (p[0] & 15):])


def digits_pressed(packets, kind=101):
    """(instant of its first packet, source, digit) of each telephone-event that came (RFC 4733)."""
    seen = set()
    for packet in packets:
        p = packet.payload
        if len(p) >= 16 and p[0] >> 6 == 2 and p[1] & 0x7F == kind:
            event = packet.source, p[4:12]  # the same timestamp and source: sent several times
            if event not in seen:
                seen.add(event)
                yield packet.time, packet.source, "0123456789*#ABCD"[p[12] & 15]


def heard_at(packets, target, since=0.0, until=float("inf"), opus=None):
    """What a listener there heard: 8 kHz samples of G.711, G.722, and Opus under that type."""
    samples = []
    wide = {9: G722(), opus: Opus() if opus else None}
    for packet in rtp_to(packets, target, since, until):
        decoder = DECODERS.get(packet.kind)
        if decoder:
            samples.extend(decoder[byte] for byte in packet.payload)
        elif wide.get(packet.kind):
            samples.extend(wide[packet.kind].decode(packet.payload))
    return samples


class SipMessage:
    def __init__(self, packet, transport="udp"):
        self.transport = transport
        self.time, self.source, self.target = packet.time, packet.source, packet.target
        head, _, self.body = packet.payload.decode("utf-8", "replace").partition("\r\n\r\n")
        self.start, *lines = head.split("\r\n")
        self.headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            self.headers.setdefault(name.strip().lower(), value.strip())

    @property
    def status(self):
        return int(self.start.split()[1]) if self.start.startswith("SIP/2.0") else None

    @property
    def method(self):
        return self.headers["cseq"].split()[1]

    @property
    def call_id(self):
        return self.headers["call-id"]

    def media_port(self):
        for line in self.body.splitlines():
            if line.startswith("m=audio "):
                return int(line.split()[1])
        return None

    def payload_type(self, codec):
        """The number that a codec, as "opus/48000/2", has in the SDP, if any."""
        for line in self.body.splitlines():
            number, _, name = line.partition(":")[2].partition(" ")
            if line.startswith("a=rtpmap:") and name.lower() == codec.lower():
                return int(number)
        return None


def sip_messages(packets, port=5060):
    for packet in packets:
        if port in (packet.source[1], packet.target[1]) and b"SIP/2.0" in packet.payload:
            yield SipMessage(packet)
