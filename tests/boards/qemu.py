"""The F405 board's image under QEMU, with its line, its gdb stub, and its log of pin writes."""
import select
import subprocess
import time
from pathlib import Path

from talk import Silent, Talk, connect

# 8 ns an instruction: what one costs at 168 MHz, more or less, and the same in every run.
DETERMINISTIC = ("-icount", "shift=3")


class Board:
    def __init__(self, image, folder, *arguments):
        folder = Path(folder)
        self.gdb_path = folder / "gdb"
        line = folder / "line"
        self.process = subprocess.Popen(
            ["qemu-system-arm", "-M", "netduinoplus2", "-kernel", image, "-display", "none",
             "-monitor", "none", "-serial", f"unix:{line},server=on,wait=on",
             "-gdb", f"unix:{self.gdb_path},server=on,wait=off", *arguments],
            stderr=subprocess.DEVNULL)
        self.line = connect(line)

    def talk(self, node=1):
        """Once the board listens."""
        talk = Talk(self.line, node, patience=0.3, attempts=60)
        talk.ask("hello")
        talk.patience, talk.attempts = 5.0, 3
        return talk

    def close(self):
        self.line.close()
        self.process.kill()
        self.process.wait()

    def jump(self, address):
        """Lets the CPU go on at another address, as a wild pointer would."""
        with Gdb(self.gdb_path) as gdb:
            if gdb.say(f"Pf={address.to_bytes(4, 'little').hex()}") != "OK":
                raise RuntimeError("the gdb stub did not set the program counter")


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
        """The answer to an order."""
        self.send(words)
        heard, until = b"", time.monotonic() + 10
        while b"#" not in heard[:-2]:
            if not select.select([self.stub], [], [], until - time.monotonic())[0]:
                raise TimeoutError(f"the gdb stub does not answer {words}")
            heard += self.stub.recv(4096)
        self.stub.sendall(b"+")
        return heard.split(b"$")[1].split(b"#")[0].decode()


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
