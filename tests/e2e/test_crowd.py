"""kill -9 with ten callers waiting, ten phones ringing and ten calls talking, played by the load
generator: the next life of the daemon has all of them."""
import time
import unittest

from lab.exchange import PROGRAMS, Exchange
from lab.process import Process, wait_for

AGENTS = [str(number) for number in range(2101, 2121)]
# Callers and phones live at the exchange's own address: the load generator binds there.
TRUNK = """
[[trunk]]
name = "carrier"
peers = ["192.0.2.3"]
server = "192.0.2.3:5060"
"""


def states(exchange):
    found = {"queued": 0, "ringing": 0, "talking": 0}
    for call in exchange.calls():
        found[call["state"]] = found.get(call["state"], 0) + 1
    return found


class Crowd(unittest.TestCase):
    def test_thirty_calls_live_on(self):
        exchange = Exchange(agents=AGENTS, trunks=TRUNK,
                            site="calls_per_second = 1000", queue='ring_time = "60s"')
        self.addCleanup(exchange.close)
        # Ten answer at once and talk; then ten ring and are not answered; the rest wait.
        people = self.play(exchange, "--agents", 10, "--calls", 10, "--answer", "0.1",
                           "--talk", "600")
        exchange.wait_for_call("talking", 10)
        more = self.play(exchange, "--calls", 20, "--answer", "600", "--skip", 10)
        wait_for("10 waiting, 10 ringing, 10 talking",
                 lambda: states(exchange) == {"queued": 10, "ringing": 10, "talking": 10})
        entries = {c["call"]: c["since_entry_s"] for c in exchange.calls()}

        killed = time.monotonic()
        exchange.kill_daemon()
        exchange.start()
        dead_for = time.monotonic() - killed
        self.assertEqual(states(exchange), {"queued": 10, "ringing": 10, "talking": 10})
        for call in exchange.calls():
            waited = call["since_entry_s"] - entries[call["call"]]
            self.assertGreater(waited, 0)
            self.assertLess(waited, dead_for + 5, "counted from the first entry")
        people.stop()
        more.stop()
        wait_for("everybody to have gone", lambda: not exchange.calls())
        exchange.verify()

    def play(self, exchange, *options):
        process = Process([PROGRAMS / "loadgen", "--settings", exchange.settings, "--rate", 50,
                           *options], exchange.folder / "people.log")
        self.addCleanup(process.stop)
        return process


if __name__ == "__main__":
    unittest.main()
