"""New firmware for a board while the daemon shows pictures on it, cut off at random blocks: the
board loses its power, the line is dead for a while, the daemon is killed. What ran before runs on,
a sentence says what happened, and the update can be ordered again."""
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from lab.exchange import PROGRAMS, TRUNK, Exchange
from lab.process import Process, wait_for

sys.path.insert(0, str(Path(__file__).parents[1] / "boards"))
import test_update  # noqa: E402

BOARD = """
[[wallboard]]
name = "wall"
driver = "holdfast"
device = "{device}"
layout = "one_queue"
queues = ["support"]
"""
KIB = 48  # of an image: 200 blocks
LONG = bool(os.environ.get("HOLDFAST_LONG"))
CUTS = 20 if LONG else 1  # of each kind


class BoardUpdate(unittest.TestCase):
    def setUp(self):
        device = f"{tempfile.gettempdir()}/update-{os.getpid()}"
        self.exchange = Exchange(trunks=TRUNK + BOARD.format(device=device))
        self.addCleanup(self.exchange.close)
        self.images = images = test_update.Update()
        images.folder, images.board, images.addCleanup = self.exchange.folder, None, self.addCleanup
        images.key = images.new_key("key")
        images.installed("1.0")
        images.stop()
        self.arguments = ["--pty", device, "--flash", images.folder / "flash", "--key",
                          f"{images.key}.bin"]
        self.dice = random.Random(11)
        self.slow = ["--baud", "57600"]  # eight seconds for an image
        self.start_board()

    def start_board(self):
        self.native = Process([PROGRAMS / "board-native", *self.arguments, *self.slow],
                              self.exchange.folder / "native.log")
        self.addCleanup(self.native.kill)

    def board(self):
        return self.exchange.ask("boards")[0]

    def runs(self, version):
        wait_for(f"the board to run {version} and to be shown pictures; {self.board()}", lambda: (
            self.board()["connected"] and not self.board()["trouble"]
            and f"firmware {version}," in self.board()["what"]
            and "on trial" not in self.board()["what"]), 40)

    def order(self, version, key=None):
        """Begins an update, as somebody who looks on."""
        files = []
        for slot in "ab":
            files.append(self.images.folder / f"new.{slot}")
            files[-1].write_bytes(self.images.image(version, slot, key=key, size=KIB * 1024))
        return subprocess.Popen(
            [PROGRAMS / "holdfast", "--socket", self.images.folder / "run/control", "boards",
             "update", "wall", *files], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def sent(self):
        found = re.match(r"(\d+) of", self.board()["update"])
        return int(found[1]) if found else 0

    def kill_board(self):
        self.native.kill()
        self.start_board()
        return (r"(the line was lost|the board started anew) in the middle of it; what ran before "
                r"runs on")

    def silence_line(self):
        """For less than the board's watchdog waits, and longer than the daemon does."""
        self.native.send(signal.SIGSTOP)
        time.sleep(1.5)
        self.native.send(signal.SIGCONT)
        return r"the board does not answer any more; what ran before runs on"

    def kill_daemon(self):
        self.exchange.kill_daemon()
        self.exchange.start()
        return r"where the board does not run the new firmware, it runs what it had: order it again"

    def test_cut_off_at_any_block(self):
        self.runs("1.0")
        for cut in [self.kill_board, self.silence_line, self.kill_daemon] * CUTS:
            with self.subTest(cut.__name__):
                blocks = self.dice.randrange(1, KIB // 3)
                who = self.order("2.0")
                wait_for(f"{blocks} KiB to be there", lambda: self.sent() >= blocks)
                sentence = cut()
                _, told = who.communicate(timeout=40)
                self.assertNotEqual(who.returncode, 0)
                self.assertRegex(told, sentence)
                self.runs("1.0")
                wait_for("the sentence", lambda: re.search(sentence, self.board()["update"]))
        self.native.kill()
        self.slow = []
        self.start_board()
        self.runs("1.0")
        done = self.order("2.0")
        told = done.communicate(timeout=60)
        self.assertEqual(done.returncode, 0, told)
        self.assertIn("done: runs 2.0 from slot B\n", told[0])
        self.runs("2.0")
        forged = self.order("3.0", self.images.new_key("strange"))
        self.assertIn("not signed by the key that the board holds; what ran before runs on",
                      forged.communicate(timeout=60)[1])

        # Who is started anew after the board was confirms what it can show pictures with.
        who = self.order("3.0")
        wait_for("the board to start", lambda: "starts the new" in self.board()["update"], 40)
        time.sleep(0.3)  # it has been asked to, and is greeted in a second
        self.kill_daemon()
        who.communicate(timeout=40)
        self.runs("3.0")
        self.exchange.daemon.stop()
        self.native.kill()
        for _ in range(4):  # more than an image on trial has
            self.assertEqual(self.images.hello(self.images.start()), ("3.0", 0, 1))


if __name__ == "__main__":
    unittest.main()
