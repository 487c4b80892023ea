"""A HUB75 panel, and the F405 board's pins as QEMU's log tells them. What is lit is computed from
the edges alone; nothing here knows how the firmware makes them."""
import re

# The log of QEMU 7.2 for devices it does not have.
WRITE = re.compile(r"(GPIOB|GPIOC|timer\[8\]): unimplemented device write "
                   r"\(size 4, offset 0x(\w+), value 0x(\w+)\)")
BSRR, TIM_CR1, TIM_ARR = 0x18, 0x00, 0x2C
DATA, CLOCK, LATCH = 0x3F, 1 << 6, 1 << 7  # of port C
ADDRESS_SHIFT = 12  # of port B
ONE_PULSE_ON = 0x9


class Panel:
    """A chain of panels: two rows at a time, each column a red, green and blue diode."""

    def __init__(self, width, height):
        self.width, self.pairs = width, height // 2
        self.shifted, self.latched = [0] * width, [0] * width
        self.clocks = 0
        self.light = [[[0, 0, 0] for _ in range(width)] for _ in range(height)]
        self.faults = []

    def clock_rises(self, data):
        self.shifted.append(data)
        self.clocks += 1

    def latch_rises(self):
        if self.clocks != self.width:
            self.faults.append(f"{self.clocks} clocks before a latch")
        self.clocks = 0
        self.shifted = self.shifted[-self.width:]
        self.latched = list(self.shifted)

    def lit(self, address, time):
        """Output is enabled for so long, with these address lines."""
        for column, data in enumerate(self.latched):
            if data == 0:
                continue
            for half in (0, 1):
                diodes = self.light[address + half * self.pairs][column]
                for channel in range(3):
                    if data >> (3 * half + channel) & 1:
                        diodes[channel] += time


class Pins:
    """Ports from their set and reset writes, edges to the panel."""

    def __init__(self, panel):
        self.panel, self.port_b, self.port_c, self.pulse = panel, 0, 0, 0
        self.pulses = []

    def write(self, device, offset, value):
        if device == "timer[8]":
            self.timer(offset, value)
        elif offset == BSRR and device == "GPIOB":
            self.port_b = (self.port_b & ~(value >> 16)) | value & 0xFFFF
        elif offset == BSRR:
            before = self.port_c
            self.port_c = (before & ~(value >> 16)) | value & 0xFFFF
            rises = self.port_c & ~before
            if rises & CLOCK:
                self.panel.clock_rises(self.port_c & DATA)
            if rises & LATCH:
                self.panel.latch_rises()

    def timer(self, offset, value):
        if offset == TIM_ARR:
            self.pulse = value
        elif offset == TIM_CR1 and value == ONE_PULSE_ON:
            self.pulses.append((self.port_b >> ADDRESS_SHIFT, self.pulse))
            self.panel.lit(*self.pulses[-1])


def writes_of(log):
    """Of the lines of a log."""
    for line in log:
        match = WRITE.match(line)
        if match:
            yield match[1], int(match[2], 16), int(match[3], 16)


def latches_of(writes):
    """The writes cut before each latch, so that a piece begins with what is lit and ends with what
    is shifted for the next."""
    piece = []
    for write in writes:
        if write == ("GPIOC", BSRR, LATCH) and piece:
            yield piece
            piece = []
        piece.append(write)


def one_refresh(writes, width, height, planes):
    """A panel after the last whole refresh in `writes`, and its pulses."""
    pieces = list(latches_of(writes))[1:]  # the first one may be cut
    slots = height // 2 * planes
    shortest = min(filter(None, map(pulse_of, pieces)))
    first = [i for i, piece in enumerate(pieces[:-slots])
             if i > 0 and address_of(piece) == 0 and pulse_of(piece) == shortest][-1]
    panel = Panel(width, height)
    pins = Pins(panel)
    for write in pieces[first - 1]:  # what is in the shift registers when the refresh begins
        pins.write(*write)
    panel.light, panel.faults, pins.pulses = Panel(width, height).light, [], []
    for piece in pieces[first:first + slots]:
        for write in piece:
            pins.write(*write)
    return panel, pins.pulses


def address_of(piece):
    return next((value & 0xFFFF for device, _, value in piece if device == "GPIOB"), None)


def pulse_of(piece):
    return next((value for device, offset, value in piece
                 if device == "timer[8]" and offset == TIM_ARR), None)
