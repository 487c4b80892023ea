"""Measures the boards' images: flash, RAM, and what drawing costs. Never a test.
usage: HOLDFAST_PROGRAMS=build/release python3 tests/boards/bench_boards.py"""
import os
import re
import statistics
import subprocess
import tempfile
from pathlib import Path

import rp2040
from layouts import BLACK, WHITE, Page

PROGRAMS = Path(os.environ["HOLDFAST_PROGRAMS"]).resolve()
IMAGES = PROGRAMS / "images"
KIB = 1024
FUNCTIONS = {"draw_page": "holdfast::firmware::draw_page(",
             "show": "holdfast::i75::Display::show(",
             "take": "holdfast::firmware::App::take("}


def sizes():
    print("| image | flash | RAM | of it stack |\n|---|---|---|---|")
    for name in ("olimex-h405-boot", "olimex-h405-a", "interstate75"):
        sections = subprocess.run(["arm-none-eabi-size", "-A", IMAGES / f"{name}.elf"], check=True,
                                  capture_output=True, text=True).stdout
        size = {section: int(octets) for section, octets
                in re.findall(r"^(\.\w+)\s+(\d+)", sections, re.M)}
        flash = (IMAGES / f"{name}.bin").stat().st_size
        ram = sum(size.get(section, 0) for section in (".data", ".bss", ".stack"))
        print(f"| {name} | {flash / KIB:.1f} KiB | {ram / KIB:.1f} KiB | "
              f"{size['.stack'] / KIB:.0f} KiB |")


def addresses():
    symbols = subprocess.run(["arm-none-eabi-nm", "-C", IMAGES / "interstate75.elf"], check=True,
                             capture_output=True, text=True).stdout
    for name, function in FUNCTIONS.items():
        yield f"{name}=0x" + re.search(rf"^(\w+) \w {re.escape(function)}", symbols, re.M)[1]


def page_of(cells, words):
    page = Page(100 + cells)
    for i in range(cells):
        page.text(words, i % 4 * 64, i // 4 * 8, 64, 8, "tiny_5x8", colours=(WHITE, BLACK))
    return page.made


def drawing():
    """Cycles of each function while pages of 0 and of 16 cells with ten characters are shown."""
    took = {}
    for cells in (0, 16):
        with tempfile.TemporaryDirectory() as folder:
            board = rp2040.Board(PROGRAMS, folder, addresses(), stdout=subprocess.PIPE, text=True)
            talk = board.talk()
            talk.show(page_of(cells, "0123456789"))
            for _ in range(5):
                talk.snapshot(0)
                talk.ask("commit", layout=100 + cells)
            board.line.close()
            told = [line.split() for line in board.process.communicate()[0].splitlines()]
            for name in FUNCTIONS:
                took[name, cells] = [int(cycles) for one, cycles in told if one == name]
    empty, full = (statistics.median(took["draw_page", cells]) for cells in (0, 16))
    planes = statistics.median(took["show", 16])
    octet = statistics.median(took["take", 16])
    print("\n| Cortex-M0+, cycles, the display's interrupts included | |\n|---|---|")
    print(f"| an empty page drawn | {empty:.0f} |")
    print(f"| a cell of ten characters 5x8 | {(full - empty) / 16:.0f} |")
    print(f"| a picture to planes, 256x32, 6 bits | {planes:.0f} |")
    print(f"| an octet of the line | {octet:.0f} |")
    print(f"| a frame of 16 cells at 125 MHz | {(full + planes) / 125e3:.1f} ms of 16.7 |")


if __name__ == "__main__":
    sizes()
    drawing()
