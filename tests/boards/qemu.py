"""The F405 board's image under QEMU, with its line, its gdb stub, and its log of pin writes."""
import re
import select
import subprocess
import time
from pathlib import Path

from talk import Silent, Talk, connect

# 8 ns an instruction: what one costs at 168 MHz, more or less, and the same in every run.
DETERMINISTIC = ("-icount", "shift=3")


PACKET = re.compile(rb"\$([^#]*)#..", re.DOTALL)
SLOTS = {"a": 0x08020000, "b": 0x08040000}


class Board:
    """Its boot loader, and in its slots the images of `slots`, by name. Its line is connected, or
    is at `port` for others to connect to."""

    def __init__(self, images, folder, *arguments, slots=None, port=None):
        folder, images = Path(folder), Path(images)
        slots = slots or {"a": images / "olimex-h405-a.hfw"}
        self.gdb_path = folder / "gdb"
        line = folder / "line"
        serial = f"tcp:{port},server=on,wait=off" if port else f"unix:{line},server=on,wait=on"
        self.process = subprocess.Popen(
            ["qemu-system-arm", "-M", "netduinoplus2", "-kernel",
             images / "olimex-h405-boot.elf", "-display", "none",
             "-monitor", "none", "-serial", serial,
             "-gdb", f"unix:{self.gdb_path},server=on,wait=off",
             *loaders(slots), *arguments],
            stderr=subprocess.DEVNULL)
        self.line = None if port else connect(line)

    def talk(self, node=1):
        """Once the board listens."""
        talk = Talk(self.line, node, patience=0.3, attempts=60)
        talk.ask("hello")
        talk.patience, talk.attempts = 5.0, 3
        return talk

    def close(self):
        if self.line:
            self.line.close()
        self.process.kill()
        self.process.wait()

    def jump(self, address):
        """Lets the CPU go on at another address, as a wild pointer would."""
        with Gdb(self.gdb_path) as gdb:
            if gdb.say(f"Pf={address.to_bytes(4, 'little').hex()}") != "OK":
                raise RuntimeError("the gdb stub did not set the program counter")


    def memory(self, address, size):
        with Gdb(self.gdb_path) as gdb:
            return b"".join(bytes.fromhex(gdb.say(f"m{at:x},{min(512, address + size - at):x}"))
                            for at in range(address, address + size, 512))


def loaders(slots):
    for slot, file in slots.items():
        yield from ("-device", f"loader,file={file},addr={SLOTS[slot]:#x},force-raw=on")


class Gdb:
    """As much of the remote protocol as it takes to stop, write a register and go on."""

    def __init__(self, path):
        self.stub = connect(path)

    def __enter__(self):
        self.say("qXfer:features:read:target.xml:0,ffb")  # without it single registers are refused
        return self

    def __exit__(self, *_):
        self.send("D")  # detach, and let it run
        self.stub.close()

    def send(self, words):
        self.stub.sendall(f"${words}#{sum(words.encode()) % 256:02x}".encode())

    def say(self, words):
        """The answer to an order; that the CPU stopped is told in between."""
        self.send(words)
        heard, until = b"", time.monotonic() + 10
        while True:
            answers = [one for one in PACKET.findall(heard) if not one.startswith(b"T")]
            if answers:
                self.stub.sendall(b"+")
                return answers[0].decode()
            if not select.select([self.stub], [], [], until - time.monotonic())[0]:
                raise TimeoutError(f"the gdb stub does not answer {words}")
            heard += self.stub.recv(4096)


def rebooted(talk, boot, patience=30):
    """The HELLO of the start that follows the one with this boot id."""
    until = time.monotonic() + patience
    talk.patience, talk.attempts = 0.3, 1
    while time.monotonic() < until:
        try:
            hello = talk.ask("hello")
        except Silent:
            continue
        if hello["boot"] != boot:
            talk.patience, talk.attempts = 5.0, 3
            return hello
    raise TimeoutError("the board did not start anew")
