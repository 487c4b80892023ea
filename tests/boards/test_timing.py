"""How often the panels are lit anew, from the instructions that the compiler made and from the
PIO's. Emulators do not count cycles; this does, by the tables of the processors' manuals."""
import os
import re
import subprocess
import unittest
from pathlib import Path

IMAGES = Path(os.environ["HOLDFAST_PROGRAMS"]) / "images"
BOARDS = Path(__file__).parents[2] / "boards"
MHZ_F405, MHZ_RP2040 = 168, 125
COLUMNS, ROW_PAIRS = 256, 16

# Cortex-M4 TRM, 3.3.1: cycles at least and at most. A branch that is taken refills the pipeline.
CYCLES = {"str": (1, 2), "ldr": (1, 2), "ldrb": (1, 2), "strb": (1, 2), "ldrd": (2, 3),
          "strd": (2, 3), "bne": (1, 4), "beq": (1, 4), "b": (2, 4), "cbz": (1, 4), "cbnz": (1, 4),
          "push": (1, 8), "pop": (2, 10), "ldmia": (1, 8), "stmia": (1, 8), "dmb": (1, 4)}
BRANCHES = ("b.n", "b.w", "bne.n", "bne.w", "beq.n")
ENTRY, EXIT = 12, 12  # of an interrupt


def listing(name, function):
    """Addresses, mnemonics and operands of a function."""
    text = subprocess.run(["arm-none-eabi-objdump", "-d", "--no-show-raw-insn", "-C",
                           IMAGES / f"{name}.elf"], check=True, capture_output=True,
                          text=True).stdout
    body = re.search(rf"^\w+ <{re.escape(function)}.*?>:\n(.*?)\n\n", text, re.M | re.S)[1]
    for line in body.split("\n"):
        address, mnemonic, *rest = line.strip().split("\t")
        if mnemonic != ".word":
            yield int(address.rstrip(":"), 16), mnemonic, rest[0] if rest else ""


def target(instruction):
    """Where a branch leads; None for what is no branch."""
    _, name, operands = instruction
    return int(operands.split()[0], 16) if name in BRANCHES else None


def cost(instructions):
    """At least and at most."""
    costs = [CYCLES.get(mnemonic.split(".")[0], (1, 1)) for _, mnemonic, _ in instructions]
    return sum(low for low, _ in costs), sum(high for _, high in costs)


def constants(board):
    """Numbers of a board.hpp, as far as they are plain."""
    text = (BOARDS / board / "board.hpp").read_text()
    found = re.findall(r"constexpr [\w:]+ (\w+) = (\d[\d']*)(?: \* \(cpu_hz / 1'000'000\))?;", text)
    return {name: int(number.replace("'", "")) for name, number in found}


class Timing(unittest.TestCase):
    def loop(self):
        """One round of the F405's shifting, and the rest of the function."""
        code = {at: (at, name, operands) for at, name, operands
                in listing("olimex-h405-a", "holdfast::h405::Display::shift")}
        order = sorted(code)
        back = next(at for at in order if target(code[at]) and target(code[at]) < at)
        begin = target(code[back])
        inside, at = [], begin
        while not inside or inside[-1][0] != back:  # a branch forward leads past the way out
            inside.append(code[at])
            at = target(code[at]) or order[order.index(at) + 1]
        return inside, [code[at] for at in order if code[at] not in inside]

    def test_the_f405_shifts_within_the_shortest_slot(self):
        inside, outside = self.loop()
        stores = sum(name.startswith("str") for _, name, _ in inside)
        columns = stores // 2
        self.assertEqual((COLUMNS - 1) % columns, 0)
        shift = cost(inside)[1] * (COLUMNS - 1) // columns + cost(outside)[1]
        handler = cost(listing("olimex-h405-a", "holdfast::h405::Display::interrupt()"))[1]
        taken = ENTRY + handler + shift + EXIT
        facts = constants("olimex-h405")
        slot = (facts["unit_cycles"] + 1) * MHZ_F405
        self.assertLess(taken, slot, "cycles of the interrupt, and of the shortest slot")
        row = sum((facts["unit_cycles"] << plane) + 1 for plane in range(4))  # us
        refresh = 1e6 / (row * ROW_PAIRS)
        self.assertGreaterEqual(refresh, 200)
        print(f"\nF405: {shift} cycles a row at most, {taken} with the interrupt of {slot}; "
              f"{refresh:.0f} Hz, {400 * taken / (row * MHZ_F405):.0f} % of the CPU")

    def test_the_f405_s_clock_is_wide_enough(self):
        """A panel's shift register wants 20 ns of each level."""
        inside, _ = self.loop()
        stores = [i for i, (_, name, _) in enumerate(inside) if name.startswith("str")]
        for begin, end in zip(stores, stores[1:]):
            level = cost(inside[begin:end])[0] + 1  # a store to the bus takes two
            self.assertGreaterEqual(level / MHZ_F405 * 1000, 17.8)

    def test_the_rp2040_shifts_within_each_slot(self):
        facts = constants("interstate75")
        source = (BOARDS / "interstate75" / "display.cpp").read_text()
        program = [int(word, 16) for word in re.findall(r"^    (0x\w{4}),", source, re.M)]
        delays = [word >> 8 & 0xF for word in program[:2]]  # one side-set bit leaves four of delay
        self.assertEqual(delays, [0, 0])
        shift = COLUMNS * 2 * facts["pio_divider"]
        unit, dark = facts["unit_cycles"] * MHZ_RP2040, facts["dark_cycles"] * MHZ_RP2040
        slots = [max(unit << plane, shift) + dark for plane in range(6)]
        refresh = MHZ_RP2040 * 1e6 / (sum(slots) * ROW_PAIRS)
        self.assertGreaterEqual(refresh, 150)
        lit = sum(unit << plane for plane in range(6)) / sum(slots)
        print(f"\nRP2040: {shift} cycles a row, {refresh:.0f} Hz, {100 * lit:.0f} % of the light")


if __name__ == "__main__":
    unittest.main()
