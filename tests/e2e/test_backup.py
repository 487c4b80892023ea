"""The nightly copy of a daemon that goes on working, and life from it on another machine: other
paths, another key.
It verifies by what the first machine told others: its head and its public key."""
import re
import shutil
import unittest

from lab.baresip import Baresip
from lab.clock import Clock
from lab.exchange import PROGRAMS, Exchange
from lab.process import PATIENCE, Process, wait_for
from lab.sipp import Caller

NIGHT = 1795744800.0  # 2026-11-27, 03:00 by the zone of the lab


class Backup(unittest.TestCase):
    def calls(self, exchange):
        """Two that are answered and over, and the daemon's restart between them, at which it seals
        what came before."""
        phone = Baresip(exchange.folder, "desk2101", 660)
        self.addCleanup(phone.stop)
        exchange.wait_for_phone()
        phone.dial_code("*45")
        for name in ("sealed", "unsealed"):
            exchange.wait_for_agent("ready")
            caller = Caller(exchange.folder, name=name, hangs_up_after=0.3)
            phone.answer()
            self.assertEqual(caller.wait(), 0)
            wait_for("nobody to be left", lambda: not exchange.calls())
            if name == "sealed":
                exchange.daemon.stop()
                exchange.start()
                wait_for("a seal", lambda: "is sealed" in exchange.daemon.said())
        phone.stop()

    def verify(self, file, code, *options):
        checked = Process([PROGRAMS / "holdfast", "ledger", "verify", file, *options],
                          file.parent / "verify.log")
        self.assertEqual(checked.child.wait(PATIENCE), code, checked.said())
        return checked.said()

    def machine(self, **more):
        exchange = Exchange(**more)
        self.addCleanup(exchange.close)
        return exchange

    def test_a_night_and_another_machine(self):
        first = self.machine(prepared=lambda folder: Clock(folder, NIGHT - 3600))
        self.calls(first)
        self.assertFalse((first.folder / "state/backups").exists(), "the hour has not come")
        first.prepared.set_to(NIGHT - 0.5)
        wait_for("the copy of the night", lambda: "is copied to" in first.daemon.said())
        copy = first.folder / "state/backups/ledger-2026-11-27.db"
        head = re.search(r"is copied to .* head (\d+:[0-9a-f]+)", first.daemon.said())[1]
        key = re.search(r"is sealed: head .* key ([0-9a-f]{64})", first.daemon.said())[1]
        self.verify(copy, 0, "--head", head, "--key", key)
        for process in (first.daemon, first.media):
            process.stop()

        second = self.machine()
        second.daemon.stop()
        ledger = second.folder / "state/ledger.db"
        for there in (*ledger.parent.glob("ledger.db*"), ledger.parent / "spill"):
            there.unlink()
        shutil.copy(copy, ledger)
        before = len(second.rows("SELECT * FROM journey"))
        second.start()
        self.calls(second)
        second.daemon.stop()
        self.assertEqual(len(second.rows("SELECT * FROM journey")), before + 2)
        self.assertIn("More than one key has sealed it", self.verify(ledger, 0, "--head", head))
        said = self.verify(ledger, 1, "--key", key)
        self.assertIn("is none of those that may seal it", said)
        other = re.search("it is by key ([0-9a-f]{64})", said)[1]
        self.verify(ledger, 0, "--head", head, "--key", key, "--key", other)


if __name__ == "__main__":
    unittest.main()
