"""The daemon and a board with our firmware (the native one) at a pseudo-terminal: what the panel
shows is compared, diode by diode, with what a second board shows that was told the same by another
implementation of the link."""
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from lab.board_lines import Pair
from lab.exchange import PROGRAMS, TRUNK, Exchange
from lab.process import Process, wait_for
from lab.sipp import Caller

sys.path.insert(0, str(Path(__file__).parents[1] / "boards"))
import png  # noqa: E402
from layouts import BLACK, GREEN, RED, WHITE, Page  # noqa: E402
from talk import Talk, connect  # noqa: E402

ORANGE, YELLOW = 11, 12
BOARD = """
[[wallboard]]
name = "wall"
driver = "holdfast"
device = "{device}"
{layout}
{more}
"""
ONE_QUEUE = 'layout = "one_queue"\nqueues = ["support"]'
LOBBY = """layout = "lobby"
[[layout]]
name = "lobby"
[[layout.page]]
rows = [[{ value = "message", width = 32, colour = "white" }],
        [{ value = "praise", width = 32, colour = "orange" }]]
"""


def picture(waiting, clock, longest="-", free="0"):
    """The ready-made layout of one queue on 256x32, as its rows and columns are documented."""
    page = Page(7)
    rows = ([("support", 10, "left", YELLOW), ("  WAIT ", 7, "left", YELLOW),
             (waiting, 3, "right", GREEN), ("  LONG ", 7, "left", YELLOW),
             (longest, 5, "right", GREEN)],
            [("LEVEL", 5, "left", YELLOW), (" ", 1, "left", YELLOW), ("-", 4, "right", GREEN),
             (" FREE", 5, "left", YELLOW), (free, 3, "right", RED if free == "0" else GREEN),
             (" HOLD", 5, "left", YELLOW), ("0", 2, "right", GREEN),
             (" ", 1, "left", YELLOW), (clock, 5, "right", GREEN)])
    for y, row in enumerate(rows):
        x = 0
        for words, width, align, colour in row:
            page.text(words, 8 * x, 16 * y, 8 * width, 16, "body_8x16", align, (colour, BLACK))
            x += width
    return page.made


class Panel(unittest.TestCase):
    def start(self, more="", *arguments, layout=ONE_QUEUE):
        self.device = f"{tempfile.gettempdir()}/panel-{os.getpid()}-{self._testMethodName}"
        self.exchange = Exchange(trunks=TRUNK + BOARD.format(
            device=self.device, more=more, layout=layout))
        self.addCleanup(self.exchange.close)
        self.png = self.exchange.folder / "panel.png"
        self.start_board(*arguments)

    def start_board(self, *arguments):
        self.native = Process([PROGRAMS / "board-native", "--pty", self.device, "--png", self.png,
                               "--scale", "1", *arguments], self.exchange.folder / "native.log")
        self.addCleanup(self.native.kill)

    def board(self):
        return self.exchange.ask("boards")[0]

    def shown(self):
        """The picture of the daemon's board."""
        try:
            return png.read(self.png.read_bytes())
        except (OSError, KeyError):
            return None

    def drawn(self, made):
        """The same as another board draws it that was told by the other implementation."""
        path, file = self.exchange.folder / "second", self.exchange.folder / "second.png"
        board = Process([PROGRAMS / "board-native", "--unix", path, "--png", file, "--scale", "1"],
                        self.exchange.folder / "second.log")
        with connect(path) as line:
            talk = Talk(line)
            talk.show(made)
            talk.snapshot()
            time.sleep(0.1)  # some frames: the panel has it
            board.stop()
        return png.read(file.read_bytes())

    def wait_for_picture(self, *arguments):
        def same():
            now = time.strftime("%H:%M")
            return self.shown() == self.drawn(picture(arguments[0], now, *arguments[1:]))
        wait_for(f"the panel to show {arguments}; {self.board()}", same, 60)

    def test_the_panel_shows_what_the_floor_does(self):
        self.start()
        self.wait_for_picture("0")
        board = self.board()
        self.assertTrue(board["connected"])
        self.assertEqual(board["trouble"], "")
        self.assertIn("native 256x32, firmware", board["what"])
        wait_for("an answer in the status", lambda: 0 <= self.board()["answered_s"] < 30)
        caller = Caller(self.exchange.folder)
        self.addCleanup(caller.process.stop)
        self.exchange.wait_for_call("queued")
        wait_for("the wait on the panel", lambda: any(
            self.shown() == self.drawn(picture("1", time.strftime("%H:%M"), f"0:{s:02}"))
            for s in range(int(self.waited()), int(self.waited()) + 2)), 60)
        for call in self.exchange.calls():
            self.exchange.ask("hang_up", call=call["call"])
        self.wait_for_picture("0")
        self.count_again()

    def today(self):
        queue = self.exchange.ask("queues")[0]
        return [queue[count] for count in ("offered", "answered", "abandoned", "refused")]

    def count_again(self):
        """After a power cut there is no journal: the day's figures come from the ledger."""
        before = self.today()
        self.assertEqual(before[0], 1)
        wait_for("the row", lambda: any(
            row["outcome"] for row in self.exchange.rows("SELECT outcome FROM segment")))
        self.exchange.kill_daemon()
        (self.exchange.folder / "run/journal").unlink()
        self.exchange.start()
        wait_for("the figures of the day", lambda: self.today() == before)
        self.exchange.replay()

    def waited(self):
        return self.exchange.ask("queues")[0]["longest_wait_s"]

    def test_a_board_that_starts_anew_is_told_everything_again(self):
        self.start()
        self.wait_for_picture("0")
        self.native.send(signal.SIGSTOP)
        wait_for("the daemon to miss it", lambda: "not answer" in self.board()["trouble"])
        time.sleep(4.5)  # its watchdog's patience: it goes on as after a reset
        self.native.send(signal.SIGCONT)
        wait_for("it to be back", lambda: "watchdog" in self.board()["what"])
        self.wait_for_picture("0")
        self.assertEqual(self.board()["trouble"], "")
        # And one that was unplugged, and another one plugged in.
        self.native.stop()
        wait_for("the daemon to miss it", lambda: not self.board()["connected"])
        self.png.unlink()
        self.start_board()
        self.wait_for_picture("0")

    def test_what_the_supervisor_writes(self):
        """It outlives the daemon; an empty text takes it away."""
        self.start(layout=LOBBY)
        self.write("message", "Team meeting at 15:00")
        self.write("praise", "Ann: 40 calls, all answered well")
        self.wait_for_texts("Team meeting at 15:00", "Ann: 40 calls, all answered well")
        self.exchange.kill_daemon()
        self.exchange.start()
        self.write("message", "")
        self.wait_for_texts("", "Ann: 40 calls, all answered well")
        refused = self.exchange.ask("write_board", kind="message", text="x" * 200)
        self.assertIn("the text has 200 bytes, 120 are shown at most", refused["refused"])

    def write(self, kind, text):
        self.assertEqual(self.exchange.ask("write_board", kind=kind, text=text)["answer"], "done")

    def wait_for_texts(self, message, praise):
        page = Page(7)
        page.text(message, 0, 0, 256, 16, "body_8x16", "left", (WHITE, BLACK))
        page.text(praise, 0, 16, 256, 16, "body_8x16", "left", (ORANGE, BLACK))
        wanted = self.drawn(page.made)
        wait_for(f"the panel to show {message} and {praise}", lambda: self.shown() == wanted, 60)

    def test_boards_that_share_a_line(self):
        """Three nodes of one pair, of which the last is dead at first."""
        device = f"{tempfile.gettempdir()}/pair-{os.getpid()}"
        self.exchange = Exchange(trunks=TRUNK + "".join(
            BOARD.format(device=device, more=f"node = {node}\nalarms_from = 9", layout=ONE_QUEUE)
            .replace('"wall"', f'"wall{node}"') for node in (1, 2, 3)))
        self.addCleanup(self.exchange.close)
        pair = Pair(device, self.exchange.folder)
        self.addCleanup(pair.close)
        pair.plug_in(1)
        pair.plug_in(2)

        def show(waiting, *nodes):
            for node in nodes:
                self.png = pair.png(node)
                self.wait_for_picture(waiting)
        show("0", 1, 2)
        wait_for("the dead one to be told", lambda: "does not answer" in
                 self.exchange.ask("boards")[2]["trouble"])
        pair.plug_in(3)
        show("0", 3)
        pair.pull_out(1)
        wait_for("the lost one to be told", lambda: "does not answer" in
                 self.exchange.ask("boards")[0]["trouble"])
        show("0", 2, 3)

    def test_boards_that_are_not_as_the_settings_say(self):
        """Told in one line of the log, in `holdfast status`, and by the board itself."""
        listener = socket.create_server(("192.0.2.2", 4001))
        self.addCleanup(listener.close)
        device = f"{tempfile.gettempdir()}/odd-{os.getpid()}"
        lines = {"small": (f'device = "{device}-small"', ""),
                 "kind": (f'device = "{device}-kind"', 'board = "interstate75"'),
                 "old": ('address = "192.0.2.2"\nport = 4001', "")}
        self.exchange = Exchange(trunks=TRUNK + "".join(
            BOARD.format(device="", more=more, layout=ONE_QUEUE).replace('"wall"', f'"{name}"')
            .replace('device = ""', line) for name, (line, more) in lines.items()))
        self.addCleanup(self.exchange.close)
        connection, _ = listener.accept()
        self.addCleanup(connection.close)
        pngs = {name: self.exchange.folder / f"{name}.png" for name in ("small", "kind")}
        for name, size in (("small", ["--width", "128"]), ("kind", [])):
            board = Process([PROGRAMS / "board-native", "--pty", f"{device}-{name}", "--png",
                             pngs[name], "--scale", "1", *size],
                            self.exchange.folder / f"{name}.log")
            self.addCleanup(board.kill)
        wrong = {
            "small": "geometry mismatch: the settings say 256x32, the board is 128x32",
            "kind": "unknown board: the settings want interstate75, this is native",
            "old": "wrong protocol version: the board speaks version 9, this daemon version 1"}
        wait_for("what is wrong with them", lambda: self.answer_as_version_9(connection) and all(
            wrong[board["name"]] in board["trouble"] for board in self.exchange.ask("boards")))
        wait_for("the alarms", lambda: {f"wallboard-{name}" for name in wrong} <= {
            a["id"] for a in self.exchange.ask("alarms") if a["active"]})
        self.assertEqual(self.exchange.ask("status")["boards_up"], 0)
        for name, sentence in wrong.items():
            self.told_once(name, sentence)
        for self.png in pngs.values():
            self.wait_for_amber()

    def answer_as_version_9(self, connection):
        """Every request that has come, if any."""
        import wire
        while select.select([connection], [], [], 0.05)[0]:
            for address, payload in wire.unframe(connection.recv(4096)):
                connection.sendall(wire.frame(address, bytes(
                    [9, payload[1] | 0x80, payload[2], 1, 9, 0])))
        return True

    def wait_for_amber(self):
        """A sentence runs through."""
        def rows():
            shown = self.shown()
            return sum(any(row[i:i + 3] == b"\xff\xa0\x00" for i in range(0, len(row), 3))
                       for row in shown[2]) if shown else 0
        wait_for("the sentence in amber on the panel", lambda: rows() > 10)

    def told_once(self, board, sentence):
        log = self.exchange.daemon.said().split("\n")
        self.assertEqual(len([line for line in log if sentence in line]), 1, log)
        status = subprocess.run(
            [PROGRAMS / "holdfast", "--socket", self.exchange.folder / "run/control", "status"],
            capture_output=True, text=True, check=True).stdout
        self.assertIn(f"{board}: {sentence}", status)


if __name__ == "__main__":
    unittest.main()
