"""The ledger against the wire: a hundred calls are captured, their boundaries read from the packets
alone, and compared; the daemon is stopped for 200 ms again and again meanwhile."""
import random
import signal
import time
import unittest

from lab.capture import Capture, sip_messages
from lab.exchange import ADDRESS, PROGRAMS, Exchange
from lab.process import PATIENCE, Process, wait_for

AGENTS = [str(number) for number in range(2101, 2113)]
CALLS = 100
TRUNK = """
[[trunk]]
name = "carrier"
peers = ["192.0.2.3"]
server = "192.0.2.3:5060"
options_every = "0s"
"""


def boundaries(messages):
    """By the caller's number: when the exchange was called, when it called a phone, when that
    answered, and when the first party hung up."""
    found, number_of = {}, {}
    for m in messages:
        if m.target != (ADDRESS, 5060):
            if m.start.startswith("INVITE"):  # an offer to a phone
                number = number_of.setdefault(
                    m.call_id, m.headers["from"].split("sip:")[1].split("@")[0])
                found.get(number, {}).setdefault("offered", m.time)
            continue
        if m.start.startswith("INVITE sip:100@"):
            number = m.headers["from"].split("sip:")[1].split("@")[0]
            number_of[m.call_id] = number
            found.setdefault(number, {}).setdefault("called", m.time)
        call = found.get(number_of.get(m.call_id))
        if call is None:
            continue
        if m.status == 200 and m.method == "INVITE":
            call.setdefault("answered", m.time)
        if m.start.startswith("BYE"):
            call.setdefault("ended", m.time)
    return found


class Truth(unittest.TestCase):
    def test_every_boundary_is_where_the_packets_say(self):
        exchange = Exchange(agents=AGENTS, trunks=TRUNK)
        self.addCleanup(exchange.close)
        capture = Capture(exchange.folder, "udp port 5060")
        people = Process(
            [PROGRAMS / "loadgen", "--settings", exchange.settings, "--rate", 12, "--calls", CALLS,
             "--talk", "0.3:0.9", "--answer", "0.05:0.3", "--seed", 7], exchange.folder / "people.log")
        self.addCleanup(people.stop)
        wait_for("the first call", exchange.calls)
        chance = random.Random(7)
        while people.runs():
            time.sleep(chance.uniform(0.1, 0.6))
            exchange.daemon.send(signal.SIGSTOP)
            time.sleep(0.2)
            exchange.daemon.send(signal.SIGCONT)
        people.child.wait(PATIENCE)
        wait_for("everybody to have gone", lambda: not exchange.calls())
        exchange.verify()
        self.compare(exchange, boundaries(sip_messages(capture.stop())))

    def compare(self, exchange, wire):
        numbers = {row["journey"]: row["number"] for row in exchange.rows(
            "SELECT journey, number FROM journey JOIN person USING (row) WHERE outbound = 0")}
        differences, offers, compared = [], [], 0
        for lane, segments in exchange.segments().items():
            kinds = [s["kind"] for s in segments]
            seen = wire[numbers[lane]]
            utc = {s["kind"]: s["began_utc_us"] / 1e6 for s in segments}
            end = segments[-1]["began_utc_us"] + segments[-1]["ended_us"] - segments[-1]["began_us"]
            self.assertEqual(kinds[-1], "talking", kinds)
            offers.append(abs(utc["ringing"] - seen["offered"]))
            differences += [abs(utc["queued"] - seen["called"]),
                            abs(utc["talking"] - seen["answered"]), abs(end / 1e6 - seen["ended"])]
            total = sum(s["ended_us"] - s["began_us"] for s in segments)
            self.assertEqual(total, segments[-1]["ended_us"] - segments[0]["began_us"])
            compared += 1
        self.assertEqual(compared, CALLS)
        # An offer is ours: between its instant and its packet others of the same wake-up may go.
        offers.sort()
        self.assertLess(offers[len(offers) // 2], 0.001, f"the worst are {offers[-5:]}")
        differences.sort()
        self.assertLess(differences[len(differences) * 99 // 100], 0.001,
                        f"99 of 100 boundaries within 1 ms; the worst are {differences[-5:]}")


if __name__ == "__main__":
    unittest.main()
