"""The daemon feeds pages of many layouts to the F405 board's image, which QEMU runs, and to the
native board: after each COMMIT both have the same picture, whatever becomes of the line and of the
board. HOLDFAST_LONG=1: fifty layouts, which takes two minutes."""
import os
import random
import unittest

from lab.board_lines import Tap
from lab.exchange import PROGRAMS, TRUNK, Exchange
from lab.process import Process, wait_for
from lab.sipp import Caller
import qemu  # lab.board_lines has found its folder
from talk import connect

LAYOUTS = 50 if os.environ.get("HOLDFAST_LONG") else 8
PAGES = 8  # of one layout in the settings
NOWHERE = 0x60000000  # no memory is there
FONTS = {"4x6": (4, 6), "5x8": (5, 8), "6x12": (6, 12), "8x16": (8, 16), "12x24": (12, 24),
         "16x32": (16, 32)}
VALUES = {"waiting": 3, "longest_wait": 5, "service_level_today": 4, "agents_ready": 3,
          "offered_today": 3, "held": 2, "longest_hold": 5, "clock": 5, "calls": 3, "alarms": 2}
COLOURS = ("red", "green", "amber", "yellow", "orange", "blue", "white")
WORDS = ("Wait", "LEVEL", "Überlauf", "señal", "50 €", "a b", "x", "Free:", "now")
BITMAPS = """
[[bitmap]]
name = "bell"
rows = ["...yy...", "..yyyy..", ".yyyyyy.", ".yyyyyy.", "yyyyyyyy", "...rr..."]
[[bitmap]]
name = "phone"
rows = ["gg...gg", "gggwggg", ".ggggg."]
"""
BOARDS = """
[[wallboard]]
name = "f405"
address = "192.0.2.2"
port = 4001
board = "olimex-h405"
alarms_from = 9
layout = "pages"
[[wallboard]]
name = "native"
address = "192.0.2.2"
port = 4002
alarms_from = 9
layout = "pages"
[[layout]]
name = "pages"
"""


def cell(dice, width, height):
    """A cell that fits into so many pixels, and how wide it is; none where nothing fits."""
    colour = dice.choice(COLOURS)
    kind = dice.choice(["text", "value", "value", "value", "bar", "spark", "bitmap"])
    tall = dice.randint(2, height)
    if kind in ("bar", "spark"):
        most = 40 if kind == "spark" else 100  # six sparklines are what the line carries
        wide = dice.randint(4, max(4, min(width, most)))
        value = dice.choice(["waiting", "longest_wait", "service_level_today"])
        full = {"waiting": "5", "longest_wait": '"1m"', "service_level_today": "100"}[value]
        return (f'{{ {kind} = "{value}", full = {full}, width = {wide}, height = {tall}, '
                f'colour = "{colour}" }}', wide)
    if kind == "bitmap":
        return (f'{{ bitmap = "{dice.choice(("bell", "phone"))}", value = "waiting", '
                'marks = ["from 1 phone", "from 2 bell blink"] }', 8)
    font = dice.choice([name for name, (_, high) in FONTS.items() if high <= height])
    align = dice.choice(["left", "centre", "right"])
    if kind == "text":
        words = dice.choice(WORDS)
        return (f'{{ text = "{words}", font = "{font}", align = "{align}", '
                f'colour = "{colour}" }}', len(words) * FONTS[font][0])
    value = dice.choice(list(VALUES))
    return (f'{{ value = "{value}", font = "{font}", align = "{align}", colour = "{colour}" }}',
            VALUES[value] * FONTS[font][0])


def page(dice):
    rows, left = [], 32
    while left >= 6 and len(rows) < 3:
        height = dice.choice([high for high in (6, 8, 12, 16, 24, 32) if high <= left])
        cells, room = [], 256
        for _ in range(dice.randint(1, 2)):  # 48 cells on eight pages
            text, wide = cell(dice, room, height)
            if wide <= room:
                cells.append(text)
                room -= wide
        if cells:
            rows.append("[" + ",\n".join(cells) + "]")
            left -= height
    return '[[layout.page]]\ndwell = "1s"\nrows = [' + ",\n".join(rows) + "]\n"


class PanelF405(unittest.TestCase):
    def setUp(self):
        self.dice = random.Random(405)
        self.exchange = Exchange(trunks=TRUNK + BITMAPS + BOARDS + self.pages())
        self.addCleanup(self.exchange.close)
        folder = self.exchange.folder
        native = Process([PROGRAMS / "board-native", "--unix", folder / "native"],
                         folder / "native.log")
        self.addCleanup(native.kill)
        self.f405 = qemu.Board(PROGRAMS / "images", folder)
        self.addCleanup(self.f405.close)
        self.taps = [Tap(4001, self.f405.line), Tap(4002, connect(folder / "native"))]
        for tap in self.taps:
            self.addCleanup(tap.close)

    def pages(self):
        return "".join(page(self.dice) for _ in range(PAGES))

    def what(self):
        return self.exchange.ask("boards")[0]["what"]

    def common(self):
        """What both boards were told, word for word, by layout: how often."""
        f405, native = (dict(tap.crcs) for tap in self.taps)
        both = set(f405) & set(native)
        for key in both:
            self.assertEqual(f405[key], native[key], f"both were told {key}")
        counts = {}
        for layout, _ in both:
            counts[layout] = counts.get(layout, 0) + 1
        return counts

    def wait_for_more(self, why, layouts=1):
        """Pictures that both are told from now on; a page stays for a second."""
        for tap in self.taps:
            tap.crcs.clear()
        wait_for(f"both to show the same {why}", lambda: len(self.common()) >= layouts, 60)

    def order(self, kind, **values):
        """Of the F405, between two pictures."""
        tap = self.taps[0]
        tap.answers.clear()
        tap.orders.append((kind, values))
        wait_for(f"the answer to {kind}", lambda: tap.answers, 60)
        return tap.answers[0]

    def test_layouts_and_faults(self):
        caller = Caller(self.exchange.folder)
        self.addCleanup(caller.process.stop)
        self.exchange.wait_for_call("queued")
        seen = set()
        while True:
            wait_for("eight layouts on both", lambda: len(self.common()) >= PAGES, 60)
            seen |= set(self.common())
            if len(seen) >= LAYOUTS:
                break
            self.change_layouts()
        self.assertIn("olimex-h405 256x32", self.what())
        self.spoil_the_line()
        self.silence()
        self.order("reboot", into="application")
        wait_for("the daemon to learn of the start", lambda: "by software" in self.what(), 60)
        self.wait_for_more("after a start in the middle")
        self.f405.jump(NOWHERE)
        wait_for("the daemon to learn of the fault", lambda: "by fault" in self.what(), 60)
        self.wait_for_more("after a fault")

    def change_layouts(self):
        """Other pages: settings are read at the start."""
        self.exchange.daemon.stop()
        text = self.exchange.settings.read_text()
        head = text[:text.index("[[layout.page]]")]
        self.exchange.settings.write_text(head + self.pages())
        for tap in self.taps:
            tap.crcs.clear()
        self.exchange.start()

    def spoil_the_line(self):
        """Garbage, lost octets, half frames, turned bits: one frame in four."""
        dice = random.Random(7)

        def spoiled(frame):
            cut = dice.randrange(1, len(frame) - 1)
            return dice.choice([
                dice.randbytes(100) + frame, frame[:cut], frame[:cut] + frame[cut + 1:],
                frame[:cut] + bytes([frame[cut] ^ 0x40]) + frame[cut + 1:],
                *[frame] * 12])
        self.taps[0].spoil = spoiled
        self.wait_for_more("on a bad line", layouts=2)
        self.taps[0].spoil = None
        self.assertGreater(self.order("status")["damaged"], 0)
        self.wait_for_more("on a good line again")

    def silence(self):
        """Nothing comes any more: the board says so by itself, until something does."""
        tap = self.taps[0]
        tap.spoil = lambda frame: b""
        wait_for("NO DATA", lambda: self.order("snapshot", at_ms=0xFFFFFFFF)["screen"] == "no_data",
                 60)
        tap.spoil = None
        self.wait_for_more("after silence")


if __name__ == "__main__":
    unittest.main()
