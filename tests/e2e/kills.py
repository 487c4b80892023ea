"""Kills the daemon at random under load, again and again, and judges the ledger from outside: sound
after each death, and what clients had seen 50 ms before one is in it, with the right kind and the
instant of the packet that caused it.
usage: lab/enter python3 kills.py [--kills 1000] [--media SHARE] [--rate CALLS] [--seed N]"""
import argparse
import bisect
import random
import time

from lab.capture import Capture, sip_messages
from lab.exchange import ADDRESS, PROGRAMS, TRUNK, Exchange
from lab.process import PATIENCE, Process, wait_for

AGENTS = [str(number) for number in range(2101, 2121)]
SEEN_BEFORE = 0.05  # s
EXACT, NEVER_BEYOND = 0.001, 0.05  # s between packet and ledger: of 99 in 100, and of each

# What a client does, what shows that the exchange has taken it, and the segment that it ends or
# begins: (event, ended_by) and whether the boundary is the lane's beginning.
ENDED_BY = {"answered": ("agent_answered",), "held": ("agent_held",), "resumed": ("agent_resumed",),
            "ended": ("caller_left", "agent_left")}


class Transition:
    """One thing that a client did: when its packets arrived, and when the answer was seen."""

    def __init__(self, kind):
        self.kind, self.sent, self.seen = kind, [], None


def kind_of(message):
    """What a request to the exchange means for its call."""
    start = message.start.split()[0]
    if start == "BYE":
        return "ended"
    if start == "CANCEL":
        return "ended"
    if start != "INVITE":
        return None
    if ";tag=" not in message.headers["to"]:
        return "called"
    return "held" if "a=sendonly" in message.body else "resumed"


class Wire:
    """Rebuilds what clients did and saw from the packets alone. A call is known by its caller's
    number: the offer to a phone shows it in From."""

    def __init__(self, messages):
        self.calls = {}
        self.number_of, self.repeated, self.first_dialog = {}, set(), {}
        self.open, self.held = {}, set()
        for message in messages:
            self.take(message)

    def take(self, m):
        to_exchange = m.target == (ADDRESS, 5060)
        first = m.start.split()[0]
        if first == "INVITE" and ";tag=" not in m.headers["to"]:
            number = m.headers["from"].split("sip:")[1].split("@")[0]
            if to_exchange and not m.start.startswith("INVITE sip:100@"):
                return  # a feature code
            self.number_of.setdefault(m.call_id, number)
            if to_exchange and self.first_dialog.setdefault(number, m.call_id) != m.call_id:
                self.repeated.add(number)
        number = self.number_of.get(m.call_id)
        if number is None:
            return
        key = (m.call_id, m.headers["cseq"])
        if m.status is None and to_exchange and first != "ACK":
            if kind := kind_of(m):
                self.open.setdefault(key, self.begin(number, kind)).sent.append(m.time)
        elif m.status is not None and not to_exchange and key in self.open:
            self.answered(self.open[key], m)
        elif m.status == 200 and m.method == "INVITE" and to_exchange:
            # A phone answers; only the first answer of a call counts, and it is seen by the ACK.
            self.open.setdefault((m.call_id, "ACK"), self.begin(number, "answered")
                                 ).sent.append(m.time)
        elif first == "ACK" and not to_exchange and (m.call_id, "ACK") in self.open:
            answer = self.open[m.call_id, "ACK"]
            answer.seen = answer.seen or m.time

    def answered(self, transition, m):
        """The exchange says that it has taken it. A hold may be refused (RFC 3261 14.1), and what
        is not held is not resumed."""
        if transition.seen is not None or (m.status == 100 and transition.kind != "called"):
            return
        if transition.kind == "resumed" and m.call_id not in self.held:
            return
        if m.status >= 300 and transition.kind != "ended":
            return  # refused: a hold that crossed another, a call that was one too many
        if transition.kind == "held":
            self.held.add(m.call_id)
        transition.seen = m.time

    def begin(self, number, kind):
        transition = Transition(kind)
        self.calls.setdefault(number, []).append(transition)
        return transition


class Deaths:
    """When nobody was there."""

    def __init__(self):
        self.spans = []
        self.until = float("inf")  # then all hang up at once, and wait for each other

    def add(self, killed, back):
        self.spans.append((killed, back))

    def judges(self, transition):
        """Only what came while the daemon lived, and was seen in time before the next death."""
        t = transition.sent[0] if transition.sent else None
        if t is None or transition.seen is None or t > self.until:
            return False
        i = bisect.bisect(self.spans, (t, float("inf")))
        alive = i == 0 or t > self.spans[i - 1][1]
        return alive and (i == len(self.spans) or
                          transition.seen < self.spans[i][0] - SEEN_BEFORE)


def recorded(exchange):
    """By the caller's number: (event, instant) as the ledger has them."""
    found = {}
    numbers = {}
    for row in exchange.rows("SELECT journey, number, began_utc_us FROM journey JOIN person "
                             "USING (row)"):
        numbers[row["journey"]] = row["number"]
        found.setdefault(row["number"], []).append(("called", row["began_utc_us"] / 1e6))
    for row in exchange.rows("SELECT lane, ended_by, began_utc_us + ended_us - began_us AS utc "
                             "FROM segment WHERE lane_kind = 'caller'"):
        if row["lane"] in numbers:
            found[numbers[row["lane"]]].append((row["ended_by"], row["utc"] / 1e6))
    return found


def ended_before(transition, boundaries, transitions):
    """A packet that came when the call was over: the ledger has an end before it, at another packet
    of the call."""
    ends = [at for name, at in boundaries if name in ENDED_BY["ended"]]
    sent = [t for other in transitions if other.kind == "ended" for t in other.sent]
    return any(at < transition.sent[0] and any(abs(at - t) < EXACT for t in sent) for at in ends)


def is_late(transition, boundaries):
    """The exchange had been given no time, and cut this lane before it came to the packet: then
    the boundary is that of the cut, and the segment between has no length."""
    at = [at for name, at in boundaries if name in ENDED_BY.get(transition.kind, ())]
    return any(transition.sent[0] <= t <= transition.seen and
               sum(1 for _, other in boundaries if other == t) > 1 for t in at)


def compare(exchange, messages, deaths):
    """How many transitions were judged, and sentences on those that are not there."""
    wire, ledger = Wire(messages), recorded(exchange)
    faults, distances, late = [], [], 0
    for number, transitions in wire.calls.items():
        if number in wire.repeated:
            continue
        ended = False
        for transition in transitions:
            if not deaths.judges(transition) or (ended and transition.kind == "ended"):
                continue  # both sides hang up: the first of them ends the call
            ended = ended or transition.kind == "ended"
            names = ENDED_BY.get(transition.kind, (transition.kind,))
            near = [abs(at - sent) for name, at in ledger.get(number, ()) if name in names
                    for sent in transition.sent]
            boundaries = ledger.get(number, ())
            if near and min(near) <= NEVER_BEYOND:
                distances.append(min(near))
            elif is_late(transition, boundaries):
                late += 1
            elif not ended_before(transition, boundaries, transitions):
                faults.append(f"{number} {transition.kind} at {transition.sent[0]:.6f}, seen at "
                              f"{transition.seen:.6f}: the ledger has {ledger.get(number)}")
    if late > max(3, len(distances) // 200):
        faults.append(f"{late} boundaries lie at a cut after their packet")
    distances.sort()
    if distances and distances[len(distances) * 99 // 100] > EXACT:
        faults.append(f"99 of 100 are not within 1 ms: {distances[-5:]}")
    return len(distances), faults, distances


def back_again(exchange):
    return wait_for("the daemon and the media process",
                    lambda: exchange.try_ask("status").get("media") == "up")


def run(kills, media_share=0.0, rate=12, seed=1):
    exchange = Exchange(agents=AGENTS, trunks=TRUNK + "most_calls = 1000\n",
                        site="calls_per_second = 1000")
    capture = Capture(exchange.folder, "udp port 5060")
    people = Process(
        [PROGRAMS / "loadgen", "--settings", exchange.settings, "--rate", rate, "--talk", "0.4:1.6",
         "--answer", "0.05:0.3", "--patience", "8:12", "--hold-share", "0.4", "--hold", "0.1:0.5"],
        exchange.folder / "people.log")
    try:
        deaths, chance, media_kills = Deaths(), random.Random(seed), 0
        wait_for("the first call", exchange.calls)
        for _ in range(kills):
            time.sleep(chance.uniform(0.05, 1.2))
            if chance.random() < media_share:
                media_kills += 1
                exchange.media.kill()
                exchange.start_media()
                back_again(exchange)
                continue
            killed = time.time()
            exchange.kill_daemon()
            exchange.start()
            deaths.add(killed, time.time())
            exchange.verify()
        deaths.until = time.time()
        people.stop()
        wait_for("everybody to have gone", lambda: not exchange.calls(), 2 * PATIENCE)
        exchange.verify()
        judged, faults, distances = compare(exchange, sip_messages(capture.stop()), deaths)
        print(f"{len(deaths.spans)} kills of the daemon, {media_kills} of the media process; "
              f"{judged} transitions judged, {len(faults)} wrong")
        if distances:
            print(f"packet to ledger: p50 {distances[len(distances) // 2] * 1e6:.0f} us, p99 "
                  f"{distances[len(distances) * 99 // 100] * 1e6:.0f} us, max "
                  f"{distances[-1] * 1e6:.0f} us")
        return judged, faults
    finally:
        people.stop()
        exchange.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--media", type=float, default=0.0, help="share that hit the media process")
    parser.add_argument("--rate", type=float, default=12, help="new calls a second")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    _, faults = run(options.kills, options.media, options.rate, options.seed)
    for fault in faults[:20]:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
