"""Measures the wallboards: octets and the daemon's CPU for an update, what the boards' images take,
and what drawing costs on each. Never a test.
usage: HOLDFAST_PROGRAMS=build/release python3 tests/bench/boards.py
The RP2040's emulator counts cycles. QEMU does not: under -icount every instruction of the F405
takes as many virtual nanoseconds, which its timer TIM2 counts. Cycles are computed from those: an
F405 with its flash cached takes 1.3 to 1.6 for one of such code, as stores and branches take
two."""
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "boards"))
import qemu  # noqa: E402
import rp2040  # noqa: E402
from layouts import BLACK, WHITE, Page  # noqa: E402

PROGRAMS = Path(os.environ["HOLDFAST_PROGRAMS"]).resolve()
IMAGES = PROGRAMS / "images"
KIB = 1024
BUDGETS = {"olimex-h405-boot": (32, 96), "olimex-h405-a": (64, 96), 
           "interstate75-boot": (32, 160), "interstate75-a": (64, 160)}
FUNCTIONS = {"draw_page": r"holdfast::firmware::draw_page\(",
             "show": r"holdfast::cortex::Board<.*>::show\(",
             "take": r"holdfast::firmware::App::take\("}
TIMER_2 = 0x40000024  # counts nanoseconds there
NS_OF_INSTRUCTION = 8
CYCLES = (1.3, 1.6)


def updates():
    """By the daemon's own code, against the firmware's."""
    subprocess.run(["cmake", "--build", PROGRAMS, "--target", "bench_wallboard"], check=True,
                   stdout=subprocess.DEVNULL)
    print(subprocess.run([PROGRAMS / "tests/bench_wallboard"], check=True, capture_output=True,
                         text=True).stdout)


def sizes():
    print("| image | flash | of | RAM | of | of it stack |\n|---|---|---|---|---|---|")
    for name, (most_flash, most_ram) in BUDGETS.items():
        sections = subprocess.run(["arm-none-eabi-size", "-A", IMAGES / f"{name}.elf"], check=True,
                                  capture_output=True, text=True).stdout
        size = {section: int(octets) for section, octets
                in re.findall(r"^(\.\w+)\s+(\d+)", sections, re.M)}
        flash = (IMAGES / f"{name}.bin").stat().st_size
        ram = sum(size.get(section, 0) for section in (".data", ".bss", ".stack"))
        print(f"| {name} | {flash / KIB:.1f} KiB | {most_flash} | {ram / KIB:.1f} KiB | {most_ram} "
              f"| {size['.stack'] / KIB:.0f} KiB |")


def addresses(image):
    symbols = subprocess.run(["arm-none-eabi-nm", "-C", IMAGES / f"{image}.elf"], check=True,
                             capture_output=True, text=True).stdout
    return {name: int(re.search(rf"^(\w+) \w {function}", symbols, re.M)[1], 16)
            for name, function in FUNCTIONS.items()}


def page_of(cells, words="0123456789"):
    page = Page(100 + cells)
    for i in range(cells):
        page.text(words, i % 4 * 64, i // 4 * 8, 64, 8, "tiny_5x8", colours=(WHITE, BLACK))
    return page.made


def rp2040_took(cells):
    """Cycles of each function while such a page is shown."""
    profile = [f"{name}={address:#x}" for name, address in addresses("interstate75-a").items()]
    with tempfile.TemporaryDirectory() as folder:
        board = rp2040.Board(PROGRAMS, folder, profile, stdout=subprocess.PIPE, text=True)
        talk = board.talk()
        talk.show(page_of(cells))
        for _ in range(5):
            talk.snapshot(0)
            talk.ask("commit", layout=100 + cells)
        board.line.close()
        told = [line.split() for line in board.process.communicate()[0].splitlines()]
    return {name: statistics.median(int(cycles) for one, cycles in told if one == name)
            for name in FUNCTIONS}


def f405_took(cells):
    """Instructions of each function, the display's interrupts included: of five calls the median.
    One takes 8 ns under this icount, which is 1.34 cycles at 168 MHz, so that the display's
    interrupts have their true share."""
    took = {}
    with tempfile.TemporaryDirectory() as folder:
        board = qemu.Board(IMAGES, folder, *qemu.DETERMINISTIC)
        talk = board.talk()
        talk.show(page_of(cells))
        functions = addresses("olimex-h405-a")
        functions.pop("take")  # which is shorter than the interrupt that may come into it
        for name, address in functions.items():
            times = []
            with Stopped(board.gdb_path) as gdb:
                for _ in range(5):
                    talk.send(talk.request("commit", {"layout": 100 + cells}))
                    gdb.run_to(address)
                    began = gdb.timer()
                    gdb.run_to(gdb.register(14) & ~1)
                    times.append((gdb.timer() - began) % 2**32 / NS_OF_INSTRUCTION)
            took[name] = statistics.median(times)
        board.close()
    return took


class Stopped(qemu.Gdb):
    """The CPU runs from one address to another only."""

    def run_to(self, address):
        self.say(f"Z1,{address:x},2")
        self.send("c")
        while not re.search(rb"\$T", self.stub.recv(4096)):
            pass
        self.stub.sendall(b"+")
        self.say(f"z1,{address:x},2")

    def register(self, number):
        return int.from_bytes(bytes.fromhex(self.say(f"p{number:x}")), "little")

    def timer(self):
        return int.from_bytes(bytes.fromhex(self.say(f"m{TIMER_2:x},4")), "little")


def drawing(board, unit, factor, mhz, took):
    empty, full = took(0), took(16)
    rows = {"an empty page drawn": empty["draw_page"],
            "a cell of ten characters 5x8": (full["draw_page"] - empty["draw_page"]) / 16,
            "a picture to planes, 256x32": full["show"]}
    if "take" in full:
        rows["an octet of the line"] = full["take"]
    print(f"\n| {board}, {unit} | |\n|---|---|")
    for name, count in rows.items():
        print(f"| {name} | {count:.0f} |")
    frame = full["draw_page"] + full["show"]
    low, high = (frame * one / mhz / 1000 for one in factor)
    print(f"| a frame of 16 cells at {mhz} MHz | {low:.1f} to {high:.1f} ms of 16.7 |")


if __name__ == "__main__":
    updates()
    sizes()
    drawing("olimex-h405", "instructions, interrupts included", CYCLES, 168, f405_took)
    drawing("interstate75", "cycles, interrupts included", (1, 1), 125, rp2040_took)
