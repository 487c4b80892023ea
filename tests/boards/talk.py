"""Speaks with a board over a socket, by the link's second implementation."""
import os
import select
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "interop" / "link"))
import wire  # noqa: E402


class Silent(Exception):
    """No answer to any attempt."""


class Refused(Exception):
    def __init__(self, told):
        super().__init__(f"{told['kind']}: {told['refusal']} {told['detail']}")
        self.refusal, self.detail = told["refusal"], told["detail"]


def connect(path, patience=20):
    """A Unix socket at which somebody is about to listen."""
    give_up = time.monotonic() + patience
    while True:
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(os.fspath(path))
            return line
        except OSError:
            line.close()
            if time.monotonic() > give_up:
                raise
            time.sleep(0.01)


class Talk:
    """The daemon's half: asks, and repeats what is not answered."""

    def __init__(self, line, node=1, patience=2.0, attempts=5):
        self.line, self.node, self.patience, self.attempts = line, node, patience, attempts
        self.sequence, self.heard = 0, b""

    def send(self, octets):
        self.line.sendall(octets)

    def request(self, kind, values=None):
        self.sequence = (self.sequence + 1) % 256
        return wire.request(self.node, self.sequence, kind, values or {})

    def ask(self, kind, **values):
        """The answer's body; raises what was refused."""
        told = self.ask_with(self.request(kind, values))
        if told["refusal"] != "done":
            raise Refused(told)
        return told["body"]

    def ask_with(self, frame):
        for _ in range(self.attempts):
            self.send(frame)
            told = self.answer(time.monotonic() + self.patience)
            if told:
                return told
        raise Silent(f"no answer within {self.attempts} times {self.patience} s")

    def answer(self, until):
        """The answer to the last request, if it comes until then."""
        while True:
            for address, payload in wire.unframe(self.heard):
                told = wire.read(payload)
                if address == self.node and told["sequence"] == self.sequence:
                    self.heard = b""
                    return told
            if not select.select([self.line], [], [], max(0, until - time.monotonic()))[0]:
                return None
            got = self.line.recv(4096)
            if not got:
                raise ConnectionError("the board closed the line")
            self.heard += got

    def show(self, layout):
        """Lays out, sets and commits a layout of layouts.py."""
        cells = layout["cells"]
        parts = max(1, -(-len(cells) // 32))
        for part in range(parts):
            self.ask("layout", layout=layout["layout"], part=part, parts=parts,
                     cells=cells[32 * part:32 * part + 32])
        for bitmap in layout.get("bitmaps", []):
            self.store(**bitmap)
        self.update(layout["layout"], layout["values"])

    def update(self, layout, values):
        for some in frames_of(values):
            self.ask("set", layout=layout, values=some)
        return self.ask("commit", layout=layout)

    def store(self, number, width, height, pixels):
        for offset in range(0, len(pixels), 250):
            self.ask("bitmap", number=number, width=width, height=height, offset=offset,
                     bytes=pixels[offset:offset + 250].hex())

    def ask_busy(self, kind, **values):
        """Again as long as the board works on it."""
        while True:
            try:
                return self.ask(kind, **values)
            except Refused as refused:
                if refused.refusal != "busy":
                    raise

    def send_image(self, image, until=None):
        """All of it, or its first octets."""
        self.ask_busy("fw_begin", size=len(image), header=image[:192].hex())
        for offset in range(0, until or len(image), 248):
            self.ask("fw_data", offset=offset, bytes=image[offset:offset + 248].hex())
        if not until:
            self.ask_busy("fw_end")

    def snapshot(self, at_ms=0xFFFFFFFF):
        return self.ask("snapshot", at_ms=at_ms)


def frames_of(values, most=480):
    """Values in lists that each fit into a payload."""
    some, size = [], 0
    for value in values:
        octets = 3 + len(value["bytes"]) // 2
        if size + octets > most:
            yield some
            some, size = [], 0
        some.append(value)
        size += octets
    yield some
