"""The daemon and the F405 board's image, which QEMU runs behind a terminal server's port: it shows
what the native board shows that the same daemon feeds, also after a fault in the middle."""
import os
import socket
import sys
import time
import unittest
from pathlib import Path

from lab.exchange import PROGRAMS, TRUNK, Exchange
from lab.process import Process, wait_for
from lab.sipp import Caller

sys.path.insert(0, str(Path(__file__).parents[1] / "boards"))
import qemu  # noqa: E402
from talk import Talk  # noqa: E402
from test_native import Terminal  # noqa: E402

NOWHERE = 0x60000000  # no memory is there
BOARDS = """
[[wallboard]]
name = "f405"
driver = "holdfast"
board = "olimex-h405"
address = "192.0.2.2"
port = 4001
layout = "one_queue"
queues = ["support"]
[[wallboard]]
name = "native"
driver = "holdfast"
device = "{device}"
layout = "one_queue"
queues = ["support"]
"""


class PanelF405(unittest.TestCase):
    def setUp(self):
        self.device = f"/tmp/holdfast-panel-{os.getpid()}"
        self.exchange = Exchange(trunks=TRUNK + BOARDS.format(device=self.device))
        self.addCleanup(self.exchange.close)
        native = Process([PROGRAMS / "board-native", "--pty", self.device],
                         self.exchange.folder / "native.log")
        self.addCleanup(native.kill)
        self.f405 = qemu.Board(PROGRAMS / "images", self.exchange.folder, port="192.0.2.2:4001")
        self.addCleanup(self.f405.close)

    def boards(self):
        return {board["name"]: board for board in self.exchange.ask("boards")}

    def wait_until_up(self):
        wait_for(f"both boards; {self.boards()}", lambda: all(
            board["connected"] and not board["trouble"] and "256x32" in board["what"]
            for board in self.boards().values()), 60)

    def pictures(self):
        """What both show when the daemon has gone, before they notice it."""
        self.wait_until_up()
        time.sleep(2)  # figures are committed once a second
        self.exchange.daemon.stop()
        told = []
        for line in (socket.create_connection(("192.0.2.2", 4001)), Terminal(self.device)):
            talk = Talk(line)
            talk.sequence = 100
            told.append(talk.snapshot(0))
            line.close()
        self.exchange.start()
        return told

    def same_picture(self):
        """Its CRC. A second may pass between the two: then once more."""
        f405, native = self.pictures()
        self.assertEqual(native["screen"], "picture")
        same = (f405["screen"], f405["crc"]) == ("picture", native["crc"])
        return f405["crc"] if same else None

    def wait_for_same(self):
        seen = []
        wait_for("both to show the same", lambda: seen.append(self.same_picture()) or seen[-1], 60)
        return seen[-1]

    def test_it_shows_what_the_native_board_does(self):
        self.wait_until_up()
        self.assertIn("olimex-h405", self.boards()["f405"]["what"])
        nobody = self.wait_for_same()
        caller = Caller(self.exchange.folder)
        self.addCleanup(caller.process.stop)
        self.exchange.wait_for_call("queued")
        self.assertNotEqual(self.wait_for_same(), nobody)

    def test_it_is_told_everything_again_after_a_fault(self):
        self.wait_until_up()
        self.f405.jump(NOWHERE)
        wait_for("the daemon to learn of it", lambda: "fault" in self.boards()["f405"]["what"], 60)
        self.wait_until_up()
        self.wait_for_same()


if __name__ == "__main__":
    unittest.main()
