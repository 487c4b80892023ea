"""SIP that came in a stream: TCP from a capture, and TLS opened by who stands between."""
import select
import socket
import ssl
import struct
import threading
import time

from .capture import Packet, SipMessage, frames

TCP = 6


class Framing:
    """One direction of a connection, cut into messages (RFC 3261 18.3); each has the time of its
    last byte."""

    def __init__(self, transport, source, target):
        self.transport, self.source, self.target = transport, source, target
        self.buffer = b""

    def take(self, instant, data):
        self.buffer = (self.buffer + data).lstrip(b"\r\n")  # RFC 5626: keep-alives between
        while b"\r\n\r\n" in self.buffer:
            head = self.buffer.partition(b"\r\n\r\n")[0]
            length = next((int(line.partition(b":")[2]) for line in head.split(b"\r\n")
                           if line.lower().startswith((b"content-length", b"l:"))), 0)
            size = len(head) + 4 + length
            if len(self.buffer) < size:
                return
            yield SipMessage(Packet(instant, self.source, self.target, self.buffer[:size]),
                             self.transport)
            self.buffer = self.buffer[size:].lstrip(b"\r\n")


def tcp_messages(path, port=5060):
    """Messages of the connections of that port, in the order in which they were whole."""
    streams, expected = {}, {}
    for instant, protocol, (source, target), segment in frames(path):
        if protocol != TCP:
            continue
        source_port, target_port, sequence = struct.unpack_from(">HHI", segment)
        if port not in (source_port, target_port):
            continue
        key = (source, source_port), (target, target_port)
        data, flags = segment[(segment[12] >> 4) * 4:], segment[13]
        if flags & 2:  # SYN: a new connection, perhaps of old ports
            streams[key], expected[key] = Framing("tcp", *key), (sequence + 1) & 0xFFFFFFFF
        if key not in streams or not data:
            continue
        known = (expected[key] - sequence) & 0xFFFFFFFF
        if known >= 0x80000000:
            raise AssertionError(f"a part of the stream {key} is not in the capture")
        data = data[known:]  # what was sent again
        expected[key] = (expected[key] + len(data)) & 0xFFFFFFFF
        yield from streams[key].take(instant, data)


class TlsRecorder:
    """Takes phones' connections as the exchange would, makes one of its own for each, and hands on
    what either says; the instant of a message is that at which its last bytes were handed on."""

    def __init__(self, folder, listens, exchange):
        self.listens, self.exchange = listens, exchange
        self.messages, self.over = [], False
        self.ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ours.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
        self.theirs = ssl.create_default_context(cafile=folder / "certificate.pem")
        self.socket = socket.create_server(listens)
        self.other, self.framing = {}, {}
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.over:
            waiting = [s for s in self.other if s.pending()]
            ready, _, _ = select.select([self.socket, *self.other], [], [], 0 if waiting else 0.2)
            for one in {*ready, *waiting}:
                if one is self.socket:
                    self.take_connection()
                elif one in self.other:
                    self.hand_on(one)

    def take_connection(self):
        plain, phone = self.socket.accept()
        plain.settimeout(10)
        try:
            onward = socket.create_connection(self.exchange, 10)
            for end in (plain, onward):  # nothing shall wait for an acknowledgement
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            a = self.ours.wrap_socket(plain, server_side=True)
            b = self.theirs.wrap_socket(onward, server_hostname=self.exchange[0])
        except OSError:
            return plain.close()
        self.other[a], self.other[b] = b, a
        self.framing[a] = Framing("tls", phone, self.listens)
        self.framing[b] = Framing("tls", self.listens, phone)
        return None

    def hand_on(self, one):
        try:
            one.settimeout(0)
            data = one.recv(65536)
            if data:
                instant = time.time()
                self.other[one].settimeout(10)
                self.other[one].sendall(data)
        except ssl.SSLWantReadError:
            return None  # a part of a record, or one of TLS itself
        except OSError:
            data = b""
        if data:
            return self.messages.extend(self.framing[one].take(instant, data))
        for end in (one, self.other[one]):
            del self.other[end], self.framing[end]
            end.close()
        return None

    def stop(self):
        self.over = True
        self.thread.join()
        return self.messages
