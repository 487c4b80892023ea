"""The interstate75 board in rp2040js: its flash, its line, and the edges of its pins."""
import os
import signal
import subprocess
import time
from pathlib import Path

from hub75 import Panel
from talk import Talk, connect

SCRIPT = Path(__file__).parent / "rp2040" / "run.mjs"


def modules(programs):
    return Path(programs) / "tests" / "rp2040"


def installed(programs):
    return (modules(programs) / "node_modules" / "rp2040js").exists()


FLASH = 192 * 1024  # of it that is used
NOTES, SLOTS = 0x8000, {"a": 0x10000, "b": 0x20000}


def new_flash(programs, file, **slots):
    """A board's flash with the boot loader, and images in slots: without any, that of slot A."""
    images = Path(programs) / "images"
    octets = bytearray(b"\xff" * FLASH)
    slots = slots or {"a": (images / "interstate75-a.hfw").read_bytes()}
    parts = {0: (images / "interstate75-boot.image").read_bytes(),
             **{SLOTS[slot]: image for slot, image in slots.items()}}
    for at, part in parts.items():
        octets[at:at + len(part)] = part
    file.write_bytes(octets)


class Board:
    """With the flash that is in its folder, or a new one. `cut`: the operation of the flash in
    which the power goes. `hurry`: it does not wait for the time to pass."""

    def __init__(self, programs, folder, profile=(), jumpers=(), cut=0, hurry=False, **how):
        folder, programs = Path(folder), Path(programs)
        self.edges, flash, line = folder / "edges", folder / "flash", folder / "rp2040"
        if not flash.exists():
            new_flash(programs, flash)
        line.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            ["node", SCRIPT, modules(programs), flash, line, self.edges, *profile],
            env={**os.environ, "JUMPERS": ",".join(map(str, jumpers)), "CUT": str(cut),
                 "HURRY": "1" if hurry else ""}, **how)
        self.line = connect(line, patience=60)

    def talk(self, node=1):
        talk = Talk(self.line, node, patience=1, attempts=60)
        talk.ask("hello")
        talk.patience, talk.attempts = 10, 3
        return talk

    def close(self):
        self.line.close()
        self.process.kill()
        self.process.wait()

    def lose_cpu(self):
        self.process.send_signal(signal.SIGUSR2)

    def capture(self):
        """What the pins do from now on, for three refreshes."""
        self.process.send_signal(signal.SIGUSR1)
        until = time.monotonic() + 120
        while not self.edges.exists():
            if time.monotonic() > until:
                raise TimeoutError("the display stands still")
            time.sleep(0.05)
        return self.edges.read_text().split("\n")


def one_refresh(edges, width, height, planes):
    """A panel after the last whole refresh, and what was lit when."""
    lits = [i for i, edge in enumerate(edges) if edge.startswith("lit")]
    pulses = [tuple(map(int, edges[i].split()[1:])) for i in lits]
    slots = height // 2 * planes
    shortest = min(cycles for _, cycles in pulses)
    first = [i for i, pulse in enumerate(pulses) if pulse == (0, shortest)
             and i + slots <= len(pulses)][-1]
    panel = Panel(width, height)
    begin = 0 if first == 0 else lits[first - 1] + 1
    for edge in edges[:begin]:
        apply(panel, edge)
    panel.light, panel.faults = Panel(width, height).light, []
    for edge in edges[begin:lits[first + slots - 1] + 1]:
        apply(panel, edge)
    return panel, pulses[first:first + slots]


def apply(panel, edge):
    kind, *numbers = edge.split()
    if kind == "clock":
        panel.clock_rises(int(numbers[0]))
    elif kind == "latch":
        panel.latch_rises()
    else:
        panel.lit(*map(int, numbers))
