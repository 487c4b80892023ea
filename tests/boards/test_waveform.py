"""The F405 board's pins, replayed into a model of the panels: what is lit is what was meant."""
import os
import subprocess
import tempfile
import time
import unittest
import zlib
from pathlib import Path

import hub75
import layouts
import png
import qemu
from talk import Talk, connect

PROGRAMS = Path(os.environ["HOLDFAST_PROGRAMS"])
IMAGES = PROGRAMS / "images"
WIDTH, HEIGHT, BITS = 256, 32, 4
REFRESH_OCTETS = 64 * 520 * 80  # of the log: 64 slots of 256 columns
PALETTE = ("000000 ff0000 00ff00 ffa000 0000ff ff00ff 00ffff ffffff 808080 600000 006000 ff6000 "
           "ffff00 ff60a0 60a0ff 000060").split()


def light_of(octet):
    """CIE 1931: the light, 0 to 1, of a lightness of 0 to 255."""
    lightness = octet * 100 / 255
    return lightness / 903.3 if lightness <= 8 else ((lightness + 16) / 116) ** 3


def level_of(octet):
    """What of 4 bits a panel shows; nothing but black is dark."""
    level = int(light_of(octet) * 15 + 0.5)
    return 1 if level == 0 and octet else level


LEVELS = {tuple(map(level_of, bytes.fromhex(rgb))): i for i, rgb in enumerate(PALETTE)}


class Waveform(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def panel(self, layout, brightness=255):
        """What is lit in one refresh, its pulses, and the CRC that the board tells."""
        log = self.folder / "log"
        board = qemu.Board(IMAGES, self.folder, *qemu.DETERMINISTIC, "-d", "unimp", "-D", log)
        try:
            talk = board.talk()
            talk.ask("brightness", level=brightness)
            talk.show(layout)
            crc = talk.snapshot(0)["crc"]
            drawn = log.stat().st_size
            # Until the picture has been drawn, swapped in, and shown whole.
            until = time.monotonic() + 60
            while log.stat().st_size < drawn + 8 * REFRESH_OCTETS:
                self.assertLess(time.monotonic(), until, "the display stands still")
                time.sleep(0.02)
        finally:
            board.close()
        with log.open("rb") as file:
            file.seek(-3 * REFRESH_OCTETS, os.SEEK_END)
            lines = file.read().decode(errors="replace").splitlines()[1:-1]
        writes = list(hub75.writes_of(lines))
        self.assertTrue(writes, "no pins in the log: is it another QEMU than 7.2?")
        log.unlink()
        return (*hub75.one_refresh(writes, WIDTH, HEIGHT, BITS), crc)

    def native_picture(self, layout):
        file, path = self.folder / "native.png", self.folder / "native"
        native = subprocess.Popen([PROGRAMS / "board-native", "--unix", path, "--png", file,
                                   "--scale", "1"], stdout=subprocess.DEVNULL)
        with connect(path) as line:
            talk = Talk(line)
            talk.show(layout)
            talk.snapshot()
            time.sleep(0.05)
        native.terminate()
        native.wait()
        _, _, rows = png.read(file.read_bytes())
        return [[PALETTE.index(row[i:i + 3].hex()) for i in range(0, len(row), 3)] for row in rows]

    @staticmethod
    def indices(panel, unit):
        return [[LEVELS[tuple(round(light / unit) for light in diodes)] for diodes in row]
                for row in panel.light]

    def test_what_is_lit_is_what_was_meant(self):
        self.assertEqual(len(LEVELS), 16, "two colours look the same")
        layout = layouts.random_layout(3)
        for one in layout["values"]:
            one["effect"] = "steady"
        panel, pulses, crc = self.panel(layout)
        self.assertEqual(panel.faults, [])
        unit = pulses[0][1]
        self.assertEqual(pulses, [(row, unit << plane) for row in range(16) for plane in range(4)])
        picture = self.indices(panel, unit)
        self.assertEqual(zlib.crc32(bytes(sum(picture, []))), crc)
        self.assertEqual(picture, self.native_picture(layout))

    def test_brightness_dims_and_changes_no_colour(self):
        layout = layouts.one_queue()
        for one in layout["values"]:
            one["effect"] = "steady"
        panel, pulses, crc = self.panel(layout, brightness=128)
        full = 19 * 168  # cycles
        self.assertAlmostEqual(pulses[0][1] / full, light_of(128), delta=0.01)
        picture = self.indices(panel, pulses[0][1])
        self.assertEqual(zlib.crc32(bytes(sum(picture, []))), crc)


if __name__ == "__main__":
    unittest.main()
