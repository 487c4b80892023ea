"""The interstate75 board's image in rp2040js: its pictures, its watchdog, and its pins."""
import os
import sys
import tempfile
import time
import unittest
import zlib

import layouts
import qemu
import rp2040
from test_waveform import PALETTE, light_of

WIDTH, HEIGHT, BITS = 256, 32, 6
UNIT = 6 * 125  # cycles


def level_of(octet):
    level = int(light_of(octet) * 63 + 0.5)
    return 1 if level == 0 and octet else level


LEVELS = {tuple(map(level_of, bytes.fromhex(rgb))): i for i, rgb in enumerate(PALETTE)}


class Interstate75(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        a2 = 28
        self.board = rp2040.Board(os.environ["HOLDFAST_PROGRAMS"], folder.name, jumpers=[a2])
        self.addCleanup(self.board.close)
        self.talk = self.board.talk(node=3)

    def wait_a_second(self):
        """On the board's clock."""
        until = self.talk.ask("status")["uptime_s"] + 2
        while self.talk.ask("status")["uptime_s"] < until:
            time.sleep(0.02)

    def test_pictures_restart_and_pins(self):
        hello = self.talk.ask("hello")
        self.assertEqual((hello["board"], hello["width"], hello["height"], hello["colour_bits"]),
                         ("interstate75", WIDTH, HEIGHT, BITS))
        self.assertEqual(hello["cause"], "power")
        self.assertGreaterEqual(self.talk.ask("status")["refresh_hz"], 150)
        self.board.lose_cpu()
        self.assertEqual(qemu.rebooted(self.talk, hello["boot"])["cause"], "watchdog")

        layout = layouts.random_layout(3)
        for one in layout["values"]:
            one["effect"] = "steady"
        self.talk.show(layout)
        crc = self.talk.snapshot(0)["crc"]
        self.wait_a_second()  # until the panel has what the snapshots drew over
        panel, pulses = rp2040.one_refresh(self.board.capture(), WIDTH, HEIGHT, BITS)
        self.assertEqual(panel.faults, [])
        self.assertEqual(pulses, [(row, UNIT << plane) for row in range(16)
                                  for plane in range(BITS)])
        picture = [LEVELS[tuple(light // UNIT for light in diodes)] for row in panel.light
                   for diodes in row]
        self.assertEqual(zlib.crc32(bytes(picture)), crc)


if __name__ == "__main__":
    if not rp2040.installed(os.environ["HOLDFAST_PROGRAMS"]):
        print("skipped: the build could not install rp2040js with npm")
        sys.exit(77)
    unittest.main()
