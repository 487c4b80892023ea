"""Firmware over the link and by XMODEM, into the native board's flash file."""
import os
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from talk import Refused, Silent, Talk, connect

PROGRAM = Path(os.environ["HOLDFAST_PROGRAMS"]) / "board-native"
SIGN = Path(__file__).parents[2] / "tools" / "images" / "sign"
ADDRESS = {"a": "0x10000000", "b": "0x10010000"}


class Update(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.key = self.new_key("key")
        self.board = None

    def new_key(self, name):
        key = self.folder / name
        subprocess.run([SIGN, "--new", key], check=True)
        subprocess.run([SIGN, "--public", key, self.folder / "unused", f"{key}.bin"], check=True)
        return key

    def image(self, version, slot, key=None, board="native", security=1, size=900):
        code, image = self.folder / "code", self.folder / f"{version}.{slot}"
        code.write_bytes((version.encode() * size)[:size])
        subprocess.run([SIGN, key or self.key, code, image, "--board", board, "--version", version,
                        "--address", ADDRESS[slot], "--security", str(security)], check=True)
        return image.read_bytes()

    def start(self):
        self.stop()
        path = self.folder / "line"
        self.board = subprocess.Popen(
            [PROGRAM, "--unix", path, "--flash", self.folder / "flash", "--key", f"{self.key}.bin"],
            stdout=subprocess.DEVNULL)
        self.addCleanup(self.stop)
        self.line = connect(path)
        self.addCleanup(self.line.close)
        return Talk(self.line, patience=1, attempts=5)

    def stop(self):
        if self.board:
            self.board.kill()
            self.board.wait()
            self.board = None

    def xmodem(self, image, *how):
        file = self.folder / "sent"
        file.write_bytes(image)
        return subprocess.run(["sx", "-q", *how, file], stdin=self.line, stdout=self.line,
                              stderr=subprocess.DEVNULL, timeout=60, check=False).returncode

    def hello(self, talk):
        until = time.monotonic() + 20
        talk.patience, talk.attempts = 0.3, 1
        while time.monotonic() < until:
            try:
                told = talk.ask("hello")
                talk.patience, talk.attempts = 2, 3
                return told["version"], told["slot"], told["confirmed"]
            except Silent:
                continue
        raise TimeoutError("the board does not answer")

    def installed(self, version="1.0", security=1):
        """A board that was given its first image by XMODEM."""
        talk = self.start()
        self.assertEqual(self.xmodem(self.image(version, "a", security=security)), 0)
        self.assertEqual(self.hello(talk), (version, 0, 1))
        return talk

    def begin(self, talk, image):
        talk.ask_busy("fw_begin", size=len(image), header=image[:192].hex())

    def send(self, talk, image):
        talk.send_image(image)

    def test_update_tried_confirmed_and_kept(self):
        talk = self.installed()
        self.send(talk, self.image("2.0", "b"))
        self.assertEqual(self.hello(talk), ("1.0", 0, 1))
        boot = talk.ask("hello")["boot"]
        talk.ask("reboot", into="application")
        while talk.ask("hello")["boot"] == boot:
            pass
        self.assertEqual(self.hello(talk), ("2.0", 1, 0))
        talk.ask("fw_confirm")
        for _ in range(4):
            self.assertEqual(self.hello(self.start()), ("2.0", 1, 1))

    def program(self, *images):
        """`board-update`, as a technician runs it."""
        files = []
        for number, image in enumerate(images):
            files.append(self.folder / f"image{number}")
            files[-1].write_bytes(image)
        self.line.close()
        return subprocess.run([PROGRAM.with_name("board-update"), f"unix:{self.folder / 'line'}",
                               *files], capture_output=True, text=True, timeout=60, check=False)

    def test_the_technician_s_program(self):
        self.installed()
        a, b = self.image("2.0", "a"), self.image("2.0", "b")
        done = self.program(a, b)
        self.assertEqual(
            (done.returncode, done.stdout),
            (0, "native with 1.0 in slot A\ndone: runs 2.0 from slot B\n"), done.stderr)
        talk = self.start()
        self.assertEqual(self.hello(talk), ("2.0", 1, 1))
        again = self.program(a, b)  # whose slot A is free now
        self.assertEqual(again.stdout, "native with 2.0 in slot B\ndone: runs 2.0 from slot A\n")
        self.start()
        wrong = self.program(self.image("3.0", "b", key=self.new_key("strange")))
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("not signed by the key that the board holds", wrong.stderr)

    def test_unconfirmed_is_given_up(self):
        self.send(self.installed(), self.image("2.0", "b"))
        versions = [self.hello(self.start())[0] for _ in range(5)]
        self.assertEqual(versions, ["2.0", "2.0", "2.0", "1.0", "1.0"])

    def test_killed_at_every_block(self):
        image = self.image("2.0", "b")
        talk = self.installed()
        for cut in range(0, len(image), 248):
            self.begin(talk, image)
            for offset in range(0, cut + 1, 248):
                talk.ask("fw_data", offset=offset, bytes=image[offset:offset + 248].hex())
            talk = self.start()
            self.assertEqual(self.hello(talk), ("1.0", 0, 1))
        self.send(talk, image)
        self.assertEqual(self.hello(self.start())[0], "2.0")

    def test_refused_images(self):
        talk = self.installed(security=5)
        talk.ask("fw_confirm")
        wrong = {"forged": self.image("f", "b", key=self.new_key("strange"), security=5),
                 "wrong_board": self.image("w", "b", board="olimex-h405", security=5),
                 "older": self.image("o", "b", security=4)}
        wrong["damaged"] = bytearray(self.image("d", "b", security=5))
        wrong["damaged"][600] ^= 1
        for why, image in wrong.items():
            with self.subTest(why):
                with self.assertRaises(Refused) as refused:
                    self.send(talk, image)
                self.assertEqual(refused.exception.refusal, why)
                talk = self.start()
                self.assertEqual(self.hello(talk), ("1.0", 0, 1))

    def test_recovery_by_request(self):
        talk = self.installed()
        talk.ask("reboot", into="recovery")
        time.sleep(0.2)
        self.assertEqual(self.xmodem(self.image("3.0", "b"), "-k"), 0)
        self.assertEqual(self.hello(talk), ("3.0", 1, 1))


if __name__ == "__main__":
    unittest.main()
