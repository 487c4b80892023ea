"""The wall clock of one daemon, to be set without setting the machine's."""
import bisect
import os
import struct
import time

from .exchange import PROGRAMS

ZONE = "CET-1CEST,M3.5.0,M10.5.0/3"
UNSURE = 0.1  # s after a step: the daemon may not have been told yet


class Clock:
    """What tests/e2e/shifted_clock.cpp adds to the machine's, and since when."""

    def __init__(self, folder, wall=None):
        """`wall`: what it is now, in seconds since 1970."""
        self.folder = folder
        self.shift = 0.0 if wall is None else wall - time.time()
        self.since, self.shifts = [0.0], [self.shift]
        os.mkfifo(folder / "set")
        self.write()

    def environment(self):
        return {"LD_PRELOAD": str(PROGRAMS / "tests/libshifted_clock.so"),
                "HOLDFAST_CLOCK": str(self.folder), "TZ": ZONE}

    def write(self):
        mode = "r+b" if (self.folder / "shift").exists() else "wb"
        with open(self.folder / "shift", mode) as file:
            file.write(struct.pack("<q", round(self.shift * 1e6)))

    def step(self, by):
        self.shift += by
        self.since.append(time.time())
        self.shifts.append(self.shift)
        self.write()
        with open(self.folder / "set", "wb", buffering=0) as told:
            told.write(bytes(8))

    def set_to(self, wall):
        self.step(wall - time.time() - self.shift)

    def at(self, instant):
        """The shift then; None so soon after a step that either may be right."""
        i = bisect.bisect(self.since, instant) - 1
        return None if instant < self.since[i] + UNSURE else self.shifts[i]
