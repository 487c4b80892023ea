"""The disk of the daemon's state stands still: calls go on, somebody is told, and nothing is lost.
Ledger, spill file and black box are all on it; the log, the journal and the control socket not."""
import json
import os
import subprocess
import unittest

from lab.exchange import PROGRAMS, Exchange
from lab.process import Process, wait_for

RATE, SECONDS = 20, 60 if os.environ.get("HOLDFAST_LONG") else 4
AGENTS = [str(number) for number in range(2101, 2121)]
QUIET = {"check": True, "capture_output": True}


class Disk:
    """An ext4 file system of its own under the daemon's state directory."""

    def __init__(self, folder):
        self.mounted, image = folder / "state", folder / "disk"
        self.mounted.mkdir()
        with open(image, "wb") as file:
            file.truncate(256 * 1024 * 1024)
        subprocess.run(["mkfs.ext4", "-q", image], **QUIET)
        subprocess.run(["mount", "-o", "loop", image, self.mounted], **QUIET)

    def environment(self):
        return {}

    def freeze(self):
        subprocess.run(["fsfreeze", "--freeze", self.mounted], **QUIET)

    def thaw(self):
        subprocess.run(["fsfreeze", "--unfreeze", self.mounted], check=False, capture_output=True)

    def unmount(self):
        subprocess.run(["umount", "--lazy", self.mounted], **QUIET)


class FrozenDisk(unittest.TestCase):
    def test_calls_go_on_and_are_all_in_the_ledger(self):
        try:
            exchange = Exchange(agents=AGENTS, wrap_up="0s", prepared=Disk)
        except (subprocess.CalledProcessError, OSError) as fault:
            self.skipTest(f"NOT TESTED: no file system can be mounted here: {fault}")
        disk = exchange.prepared
        for ending in (exchange.close, disk.unmount, lambda: exchange.daemon.stop(), disk.thaw):
            self.addCleanup(ending)
        people = Process(
            [PROGRAMS / "loadgen", "--settings", exchange.settings, "--rate", RATE,
             "--calls", RATE * SECONDS, "--talk", "0.2", "--answer", "0", "--json", "--seed", 1],
            exchange.folder / "people.log")
        self.addCleanup(people.stop)
        wait_for("the first call", exchange.calls)
        disk.freeze()
        self.assertEqual(people.child.wait(4 * SECONDS), 0, people.said())
        said = people.said()
        report = json.loads(said[said.index("{"):])
        self.assertEqual(report["talks"], RATE * SECONDS, said)
        alarms = [a["text"] for a in exchange.ask("alarms") if a["active"]]
        self.assertIn("has not answered for a second", " ".join(alarms))

        disk.thaw()
        wait_for("the alarm to be over", lambda: not any(
            a["active"] for a in exchange.ask("alarms")))
        wait_for("all rows to be in the ledger", lambda: sum(
            bool(row["outcome"]) for row in exchange.rows(
                "SELECT outcome FROM segment WHERE lane_kind = 'caller'")) == RATE * SECONDS)
        exchange.verify()
        exchange.replay()


if __name__ == "__main__":
    unittest.main()
