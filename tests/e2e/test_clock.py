"""Somebody sets the wall clock of the real daemon, by seconds and by days, and summer time comes
and goes, while calls are up: labels follow, durations are those of the packets, the ledger
verifies."""
import os
import time
import unittest

from lab.capture import Capture, sip_messages
from lab.clock import ZONE, Clock
from lab.exchange import ADDRESS, PROGRAMS, TRUNK, Exchange
from lab.process import PATIENCE, Process, wait_for

AGENTS = [str(number) for number in range(2101, 2117)]
DAY = 86400.0
SPRING, AUTUMN = 1806195600.0, 1824944400.0  # 2027-03-28 and 2027-10-31, 01:00 UTC: it changes
STEPS = [1.0, -1.0, DAY, -DAY]
CHANGES = [SPRING, AUTUMN]
APART = 1.3  # s
EXACT = 0.001  # s, of 99 in 100


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


class ClockSteps(unittest.TestCase):
    def test_durations_stay_and_labels_follow(self):
        exchange = Exchange(agents=AGENTS, trunks=TRUNK, prepared=Clock)
        self.addCleanup(exchange.close)
        capture = Capture(exchange.folder, "udp port 5060")
        people = Process(
            [PROGRAMS / "loadgen", "--settings", exchange.settings, "--rate", 6, "--for", 11,
             "--talk", "0.2:2.5", "--answer", "0.05:0.3", "--seed", 5],
            exchange.folder / "people.log")
        self.addCleanup(people.stop)
        wait_for("the first call to be answered", lambda: any(
            call["state"] == "talking" for call in exchange.calls()))
        for by in STEPS:
            time.sleep(APART)
            self.assertTrue(exchange.calls(), "a call is up")
            exchange.prepared.step(by)
        for change in CHANGES:
            time.sleep(APART)
            exchange.prepared.set_to(change - APART / 2)
        people.child.wait(PATIENCE)
        wait_for("everybody to have gone", lambda: not exchange.calls())
        exchange.verify()
        self.compare(exchange, boundaries(sip_messages(capture.stop())))
        self.check_offsets(exchange)

    def compare(self, exchange, wire):
        numbers = {row["journey"]: row["number"] for row in exchange.rows(
            "SELECT journey, number FROM journey JOIN person USING (row)")}
        spans, labels, across = [], [], 0
        for lane, segments in exchange.segments().items():
            seen = wire[numbers[lane]]
            if len(seen) < 3 or segments[-1]["kind"] != "talking":
                continue  # was there when all went home
            queued, talking = segments[0], segments[-1]
            began, answered, ended = (row / 1e6 for row in (
                queued["began_us"], talking["began_us"], talking["ended_us"]))
            spans += [abs((answered - began) - (seen["answered"] - seen["called"])),
                      abs((ended - answered) - (seen["ended"] - seen["answered"]))]
            across += exchange.prepared.at(seen["called"]) != exchange.prepared.at(seen["ended"])
            for segment, at in ((queued, seen["called"]), (talking, seen["answered"])):
                shift = exchange.prepared.at(at)
                if shift is not None:
                    labels.append(abs(segment["began_utc_us"] / 1e6 - at - shift))
        self.assertGreater(len(spans), 60)
        self.assertGreater(across, 5, "calls were up when the clock was set")
        for name, distances in (("durations", spans), ("labels", labels)):
            distances.sort()
            self.assertLess(distances[len(distances) * 99 // 100], EXACT,
                            f"{name}: the worst are {distances[-5:]}")
            self.assertLess(distances[-1], 0.5, f"{name}: {distances[-5:]}")

    def check_offsets(self, exchange):
        """Local time is what the zone says of each label, before and after its change."""
        os.environ["TZ"] = ZONE
        time.tzset()
        seen = set()
        for row in exchange.rows("SELECT began_utc_us, utc_offset_s FROM segment"):
            utc = row["began_utc_us"] / 1e6
            self.assertEqual(row["utc_offset_s"], time.localtime(utc).tm_gmtoff, utc)
            for change in CHANGES:
                if abs(utc - change) < 10:
                    seen.add((change, utc >= change))
        self.assertEqual(len(seen), 4, "segments before and after each change")


if __name__ == "__main__":
    unittest.main()
