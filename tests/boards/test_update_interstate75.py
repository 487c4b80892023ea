"""New firmware for the interstate75 board, in rp2040js with a model of its boot ROM and flash: the
boot loader's second stage, slots, confirm or roll back. HOLDFAST_LONG=1: the power goes in every
operation of the flash, and recovery by XMODEM; each start costs the emulator some seconds."""
import os
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

import layouts
import qemu
import rp2040
from talk import Refused

PROGRAMS = Path(os.environ["HOLDFAST_PROGRAMS"])
LONG = bool(os.environ.get("HOLDFAST_LONG"))
IMAGES = PROGRAMS / "images"
SIGN = Path(__file__).parents[2] / "tools" / "images" / "sign"
SLOT_B = 0x10020000
# Of the flash, for the image of 528 octets: to erase; blocks of 248 octets in pages of 256, which
# are one, two and two; the note at the end.
OPERATIONS = 1 + 5 + 1


class Update(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.board = None
        self.addCleanup(self.stop)

    def start(self, cut=0):
        self.stop()
        self.board = rp2040.Board(PROGRAMS, self.folder, cut=cut, hurry=True,
                                  stderr=subprocess.DEVNULL if cut else None)
        return self.board.talk()

    def stop(self):
        if self.board:
            self.board.close()
            self.board = None

    def sleeper(self, key=None, board="interstate75", security=1):
        """An image for slot B that does nothing at all: two vectors, a wfi, and back to it."""
        code = self.folder / "code"
        first = SLOT_B + 512 + 8
        code.write_bytes(struct.pack("<II", 0x20001000, first | 1) + bytes.fromhex("30bffde7"))
        image = self.folder / "image"
        subprocess.run([SIGN, key or os.environ["HOLDFAST_FIRMWARE_KEY"], code, image, "--board",
                        board, "--version", "sleeper", "--address", str(SLOT_B), "--security",
                        str(security)], check=True)
        return image.read_bytes()

    def runs(self, talk):
        hello = talk.ask("hello")
        return hello["slot"], hello["confirmed"]

    def reboot(self, talk, into="application"):
        boot = talk.ask("hello")["boot"]
        talk.ask("reboot", into=into)
        return boot

    def refuse(self, talk):
        talk.ask("fw_confirm")  # from now on an older one is refused
        strange = self.folder / "strange"
        subprocess.run([SIGN, "--new", strange], check=True)
        damaged = bytearray(self.sleeper())
        damaged[-1] ^= 1
        for why, image in {"forged": self.sleeper(key=strange),
                           "wrong_board": self.sleeper(board="olimex-h405"),
                           "older": self.sleeper(security=0), "damaged": damaged}.items():
            with self.subTest(why):
                with self.assertRaises(Refused) as refused:
                    talk.send_image(image)
                self.assertEqual(refused.exception.refusal, why)

    def lose_power(self, operation):
        talk = self.start(cut=operation)
        self.assertEqual(self.runs(talk), (0, 1))
        with self.assertRaises(ConnectionError):
            talk.send_image(self.sleeper())

    def with_a_trial(self):
        """A board that is to try the sleeper for the last time (firmware/update/notes.cpp)."""
        rp2040.new_flash(PROGRAMS, self.folder / "flash", b=self.sleeper(),
                         a=(IMAGES / "interstate75-a.hfw").read_bytes())
        note = struct.pack("<IIIBBB", 0x3145544E, 1, 0, 0, 1, 1).ljust(28, b"\0")
        note += struct.pack("<I", zlib.crc32(note))
        with (self.folder / "flash").open("r+b") as file:
            file.seek(rp2040.NOTES)
            file.write(note)

    def test_slots(self):
        self.with_a_trial()
        talk = self.start()
        hello = talk.ask("hello")  # that image never feeds the watchdog
        self.assertEqual((hello["slot"], hello["confirmed"], hello["cause"]), (0, 1, "watchdog"))
        self.refuse(talk)
        boot = talk.ask("hello")["boot"]
        while talk.ask("status")["uptime_s"] < 5:  # which is longer than the watchdog waits
            pass
        self.assertEqual(talk.ask("hello")["boot"], boot)

        # The display and the line go on while the flash is written.
        layout = layouts.one_queue()
        talk.show(layout)
        picture = talk.snapshot(0)["crc"]
        talk.send_image((IMAGES / "interstate75-b.hfw").read_bytes())
        self.assertEqual(talk.snapshot(0)["crc"], picture)
        self.assertEqual(talk.ask("status")["overruns"], 0)
        after = qemu.rebooted(talk, self.reboot(talk), 100)
        self.assertEqual((after["slot"], after["confirmed"], after["cause"]), (1, 0, "software"))
        talk.show(layout)
        self.assertEqual(talk.snapshot(0)["crc"], picture)
        talk.ask("fw_confirm")
        self.assertEqual(self.runs(talk), (1, 1))
        with self.assertRaises(Refused) as refused:  # for the slot that runs
            talk.send_image(self.sleeper())
        self.assertEqual(refused.exception.refusal, "wrong_board")

    @unittest.skipUnless(LONG, "some seconds a start")
    def test_the_power_goes_in_every_operation(self):
        for operation in range(1, OPERATIONS + 1):
            self.lose_power(operation)
        talk = self.start()
        self.assertEqual(self.runs(talk), (0, 1))
        talk.send_image(self.sleeper())
        after = qemu.rebooted(talk, self.reboot(talk), 100)  # three starts
        self.assertEqual((after["slot"], after["confirmed"], after["cause"]), (0, 1, "watchdog"))

    @unittest.skipUnless(LONG, "some seconds a start")
    def test_recovery_by_xmodem(self):
        talk = self.start()
        self.reboot(talk, "recovery")
        sent = subprocess.run(["sx", "-q", "-k", IMAGES / "interstate75-b.hfw"],
                              stdin=self.board.line, stdout=self.board.line,
                              stderr=subprocess.DEVNULL, timeout=100, check=False)
        self.assertEqual(sent.returncode, 0)
        self.assertEqual(self.runs(self.board.talk()), (1, 1))
        self.assertEqual(self.runs(self.start()), (1, 1))

    def test_what_runs_while_the_flash_is_written_is_in_ram(self):
        """A call from there into the flash goes by a veneer of the linker's."""
        for image in ("interstate75-boot", "interstate75-a", "interstate75-b"):
            symbols = subprocess.run(["arm-none-eabi-nm", IMAGES / f"{image}.elf"], check=True,
                                     capture_output=True, text=True).stdout
            self.assertIn("erase_from_ram", symbols)
            self.assertEqual([line for line in symbols.splitlines()
                              if line.startswith("2") and "veneer" in line], [])


if __name__ == "__main__":
    if not rp2040.installed(os.environ["HOLDFAST_PROGRAMS"]):
        print("skipped: the build could not install rp2040js with npm")
        sys.exit(77)
    unittest.main()
