"""Lines to boards with our firmware: an RS-485 pair that several share, and a tap on a line that
passes on what is said, spoils it where it is told to, and asks the board for its picture."""
import os
import select
import socket
import sys
import threading
import time
import tty
from pathlib import Path

from .exchange import PROGRAMS
from .process import Process

sys.path.insert(0, str(Path(__file__).parents[2] / "boards"))
from talk import connect, wire  # noqa: E402

FLAG = b"\x7e"
ANSWER_PATIENCE = 5.0


class Pair:
    """What one says, all others hear. The daemon opens `path`; boards are native ones."""

    def __init__(self, path, folder):
        self.path, self.folder, self.boards, self.lines = Path(path), folder, {}, {}
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.path.symlink_to(os.ttyname(self.slave))
        self.running = True
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def plug_in(self, node):
        line, png = self.folder / f"node{node}", self.png(node)
        self.boards[node] = Process([PROGRAMS / "board-native", "--unix", line, "--node", node,
                                     "--png", png, "--scale", "1"],
                                    self.folder / f"node{node}.log")
        self.lines = {**self.lines, node: connect(line)}

    def png(self, node):
        return self.folder / f"node{node}.png"

    def pull_out(self, node):
        self.lines = {other: line for other, line in self.lines.items() if other != node}
        self.boards.pop(node).stop()

    def run(self):
        while self.running:
            lines = list(self.lines.values())
            ready, _, _ = select.select([self.master, *lines], [], [], 0.05)
            for one in ready:
                octets = os.read(self.master, 4096) if one is self.master else one.recv(4096)
                for other in lines:
                    if other is not one:
                        other.sendall(octets)
                if one is not self.master:
                    os.write(self.master, octets)

    def close(self):
        self.running = False
        self.thread.join()
        for node in list(self.boards):
            self.pull_out(node)
        self.path.unlink()


class Tap(threading.Thread):
    """Between the daemon, which connects to `port`, and a board's socket. After each COMMIT that
    the board has carried out it asks for the CRC of the picture, and keeps it by what was said."""

    def __init__(self, port, board):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("192.0.2.2", port))
        self.board, self.daemon_line = board, None
        self.spoil = None    # what becomes of a frame of the daemon's; None: as it is
        self.orders = []     # requests of the test's own: (kind, values)
        self.answers = []    # and what came of them
        self.crcs = {}       # by layout and values, as they were said
        self.layout, self.values = None, {}
        self.sequence = 0
        self.heard = {"daemon": b"", "board": b""}
        self.start()

    def run(self):
        while True:
            try:
                self.daemon_line, _ = self.listener.accept()
                while self.pass_on():
                    pass
            except OSError:
                if self.listener.fileno() < 0:
                    return

    def close(self):
        for line in (self.listener, self.daemon_line):
            if line:
                line.close()

    def pass_on(self):
        lines = {"daemon": self.daemon_line, "board": self.board}
        ready, _, _ = select.select(lines.values(), [], [], 0.05)
        while self.orders and not ready:  # nobody speaks
            kind, values = self.orders.pop(0)
            self.answers.append(self.ask(kind, **values))
        for name, line in lines.items():
            if line not in ready:
                continue
            octets = line.recv(4096)
            if not octets:
                return False
            for frame in self.frames(name, octets):
                self.from_daemon(frame) if name == "daemon" else self.from_board(frame)
        return True

    def frames(self, name, octets):
        """Whole ones, with their flags."""
        *whole, self.heard[name] = (self.heard[name] + octets).split(FLAG)
        return [FLAG + stuffed + FLAG for stuffed in whole if stuffed]

    def from_daemon(self, frame):
        for _, payload in wire.unframe(frame):
            self.take_request(wire.read(payload))
        self.board.sendall(self.spoil(frame) if self.spoil else frame)

    def take_request(self, asked):
        """What the board will show, if it hears it."""
        if asked["kind"] == "layout":
            cells = tuple(tuple(map(str, cell.values())) for cell in asked["body"]["cells"])
            if asked["body"]["part"] == 0:
                self.layout, self.values = cells, {}
            else:
                self.layout += cells
        if asked["kind"] == "set":
            for value in asked["body"]["values"]:
                self.values[value["cell"]] = tuple(map(str, value.values()))

    def from_board(self, frame):
        self.daemon_line.sendall(frame)
        for _, payload in wire.unframe(frame):
            told = wire.read(payload)
            if told.get("answer") and told["kind"] == "commit" and told["refusal"] == "done":
                crc = self.ask("snapshot", at_ms=0)["crc"]
                if crc is not None:  # else it is starting anew
                    self.crcs[self.layout, tuple(sorted(self.values.items()))] = crc

    def ask(self, kind, **values):
        """The body of the board's answer, which the daemon does not see."""
        self.sequence = self.sequence % 100 + 101  # the daemon's answers are others
        self.board.sendall(wire.request(1, self.sequence, kind, values))
        until = time.monotonic() + ANSWER_PATIENCE
        while select.select([self.board], [], [], max(0, until - time.monotonic()))[0]:
            body = None
            for frame in self.frames("board", self.board.recv(4096)):
                told = [wire.read(payload) for _, payload in wire.unframe(frame)]
                if told and (told[0]["kind"], told[0]["sequence"]) == (kind, self.sequence):
                    body = told[0]["body"]
                else:
                    self.daemon_line.sendall(frame)
            if body:
                return body
        return {"crc": None, "screen": None}
