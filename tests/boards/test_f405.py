"""The F405 board's image under QEMU, held against the native board."""
import json
import os
import random
import re
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import layouts
import qemu
import wire
from talk import Refused, Talk, connect

PROGRAMS = Path(os.environ["HOLDFAST_PROGRAMS"])
IMAGES = PROGRAMS / "images"
VECTORS = Path(__file__).parents[1] / "vectors" / "link.json"
RANDOM_LAYOUTS = 47  # and the three that have names
STACK = 6 * 1024
NOWHERE = 0x60000000  # no memory is there


class F405(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def board(self, *arguments, slots=None):
        board = qemu.Board(IMAGES, self.folder, *arguments, slots=slots)
        self.addCleanup(board.close)
        return board, board.talk()

    def native(self):
        path = self.folder / "native"
        native = subprocess.Popen([PROGRAMS / "board-native", "--unix", path],
                                  stdout=subprocess.DEVNULL)
        self.addCleanup(native.wait)
        self.addCleanup(native.kill)
        line = connect(path)
        self.addCleanup(line.close)
        return Talk(line)

    def test_pictures_are_those_of_the_native_board(self):
        _, talk = self.board(*qemu.DETERMINISTIC)
        native = self.native()
        made = [make() for make in layouts.NAMED.values()]
        made += [layouts.random_layout(seed) for seed in range(RANDOM_LAYOUTS)]
        for layout in made:
            talk.show(layout)
            native.show(layout)
            for at_ms in (0, 1234, 98765):
                self.assertEqual(talk.snapshot(at_ms)["crc"], native.snapshot(at_ms)["crc"],
                                 f"layout {layout['layout']}, {at_ms} ms after its beginning")

    def test_reboot_in_the_middle_of_a_layout(self):
        _, talk = self.board(*qemu.DETERMINISTIC)
        layout = layouts.four_queues()
        talk.show(layout)
        picture = talk.snapshot(0)["crc"]
        boot = talk.ask("hello")["boot"]
        talk.ask("layout", layout=9, part=0, parts=2, cells=layout["cells"][:5])
        talk.ask("reboot", into="application")
        after = qemu.rebooted(talk, boot)
        self.assertEqual((after["cause"], after["layout"]), ("software", 0))
        with self.assertRaises(Refused) as refused:
            talk.ask("layout", layout=9, part=1, parts=2, cells=layout["cells"][5:])
        self.assertEqual(refused.exception.refusal, "incomplete")
        talk.show(layout)
        self.assertEqual(talk.snapshot(0)["crc"], picture)

    def test_garbage_lost_octets_and_half_frames(self):
        _, talk = self.board(*qemu.DETERMINISTIC)
        layout = layouts.one_queue()
        talk.show(layout)
        picture = talk.snapshot(0)["crc"]
        dice = random.Random(5)
        for _ in range(20):
            whole = talk.request("commit", {"layout": 77})
            cut = dice.randrange(1, len(whole) - 1)
            broken = (dice.randbytes(200), whole[:cut], whole[:cut] + whole[cut + 1:],
                      b"\x7e" * 9, whole[:cut] + bytes([whole[cut] ^ 0x40]) + whole[cut + 1:])
            talk.send(dice.choice(broken))
            talk.send(b"\x7e")  # whatever came, the next frame begins here
            self.assertEqual(talk.snapshot(0)["crc"], picture)
        self.assertGreater(talk.ask("status")["damaged"], 10)

    def test_silence_is_seen_and_ended(self):
        _, talk = self.board()
        talk.show(layouts.one_queue())
        shown = talk.snapshot()
        self.assertEqual(shown["screen"], "picture")
        until = time.monotonic() + 60
        while talk.ask("status")["screen"] == "picture":  # asking is no data
            self.assertLess(time.monotonic(), until)
            time.sleep(0.1)
        stale = talk.snapshot()
        self.assertEqual(stale["screen"], "no_data")
        self.assertGreaterEqual(stale["age_ms"], 5000)
        talk.ask("commit", layout=1)
        self.assertEqual(talk.snapshot()["screen"], "picture")

    def test_a_fault_reboots_and_is_told(self):
        board, talk = self.board(*qemu.DETERMINISTIC)
        talk.show(layouts.one_queue())
        picture = talk.snapshot(0)["crc"]
        before = talk.ask("hello")
        self.assertEqual(before["cause"], "power")
        board.jump(NOWHERE)
        after = qemu.rebooted(talk, before["boot"])
        self.assertEqual((after["cause"], after["layout"]), ("fault", 0))
        talk.show(layouts.one_queue())
        self.assertEqual(talk.snapshot(0)["crc"], picture)

    def test_the_boot_loader_runs_what_is_whole_and_signed(self):
        broken = bytearray((IMAGES / "olimex-h405-a.hfw").read_bytes())
        broken[5000] ^= 1
        (self.folder / "broken").write_bytes(broken)
        _, talk = self.board(slots={"a": self.folder / "broken",
                                    "b": IMAGES / "olimex-h405-b.hfw"})
        self.assertEqual(talk.ask("hello")["slot"], 1)
        talk.show(layouts.one_queue())

    def test_without_an_image_it_asks_for_one(self):
        """By XMODEM: `sx` begins, and is told that the emulator's flash cannot be written."""
        (self.folder / "none").write_bytes(bytes(64))
        board = qemu.Board(IMAGES, self.folder, slots={"a": self.folder / "none"})
        self.addCleanup(board.close)
        sent = subprocess.run(["sx", IMAGES / "olimex-h405-a.hfw"], stdin=board.line,
                              stdout=board.line, stderr=subprocess.PIPE, timeout=60, check=False)
        self.assertNotEqual(sent.returncode, 0)
        self.assertIn(b"ancel", sent.stderr)

    def test_an_update_is_refused_where_the_flash_fails(self):
        _, talk = self.board(*qemu.DETERMINISTIC)
        image = (IMAGES / "olimex-h405-b.hfw").read_bytes()
        refusals = set()
        while "flash_failed" not in refusals:
            with self.assertRaises(Refused) as refused:
                talk.ask("fw_begin", size=len(image), header=image[:192].hex())
            refusals.add(refused.exception.refusal)
        self.assertLessEqual(refusals, {"busy", "flash_failed"})
        self.assertEqual(talk.ask("hello")["slot"], 0)

    def test_the_stack_is_large_enough(self):
        """RAM is zero when the emulator starts: what is not any more was used."""
        board, talk = self.board(*qemu.DETERMINISTIC)
        talk.show(layouts.random_layout(1))
        full = [layouts.text(cell, "x", (7, 0)) for cell in range(64)]
        with self.assertRaises(Refused):  # as many values as may be, and none of them is there
            talk.ask("set", layout=1001, values=full)
        talk.snapshot(0)
        symbols = subprocess.run(["arm-none-eabi-nm", IMAGES / "olimex-h405-a.elf"], check=True,
                                 capture_output=True, text=True).stdout
        top = int(re.search(r"(\w+) \w stack_top", symbols)[1], 16)
        used = len(board.memory(top - STACK, STACK).lstrip(b"\0"))
        print(f"\nstack: {used} octets of {STACK}")
        self.assertLess(used, STACK * 3 // 4)

    def test_vectors(self):
        """Every request of the vectors to this board is answered, and every fault is not."""
        _, talk = self.board(*qemu.DETERMINISTIC)
        asked = 0
        for vector in json.loads(VECTORS.read_text()):
            if "fault" in vector:
                talk.send(bytes.fromhex(vector["frame"]) + b"\x7e")
            elif not vector.get("answer") and vector["node"] == 1 and vector["kind"] != "reboot":
                talk.sequence = vector["sequence"]
                told = talk.ask_with(bytes.fromhex(vector["frame"]))
                self.assertEqual(told["kind"], vector["kind"])
                self.assertIn(told["refusal"], wire.REFUSALS)
                asked += 1
        self.assertGreater(asked, 12)


if __name__ == "__main__":
    unittest.main()
