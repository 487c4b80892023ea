"""The ledger against the wire. Callers come by SIPp, loadgen and baresip; the agents are baresip,
linphone and loadgen, who talk, hold, ask colleagues, pass callers on, park and fetch them, and make
conferences, while the daemon is stopped for 200 ms again and again. Then every lane of a caller is
rebuilt from the packets alone, and compared with the ledger's; boundaries of agents' lanes are
compared with the nearest packet that could have made them.
usage: lab/enter python3 truth.py [--calls 200] [--transport udp|tcp|tls] [--no-stops]"""
import argparse
import random
import signal
import threading
import time

from lab.baresip import Baresip
from lab.capture import Capture, digits_pressed, sip_messages
from lab.exchange import ADDRESS, PROGRAMS, TRUNK, Exchange
from lab.lanes import Lanes
from lab.people import desks
from lab.process import PATIENCE, Process, wait_for
from lab.sipp import Caller
from lab.streams import TlsRecorder, tcp_messages
from lab.wire import differences

LOADGEN = [str(number) for number in range(2101, 2105)]
REAL = [str(number) for number in range(2111, 2131)]  # in pairs
CALLER = "2199"  # a desk phone that dials the queue
WHAT = "udp port 5060 or tcp port 5060 or (udp and udp[9] & 0x7f = 101)"
NEVER_BEYOND = 0.3  # s from packet to boundary: the exchange was stopped for 0.2


class Stops(threading.Thread):
    """Stops the daemon for 200 ms at random moments."""

    def __init__(self, exchange, seed):
        super().__init__(daemon=True)
        self.exchange, self.chance, self.over = exchange, random.Random(seed), threading.Event()
        self.count = 0

    def run(self):
        while not self.over.wait(self.chance.uniform(0.2, 1.2)):
            self.count += 1
            self.exchange.daemon.send(signal.SIGSTOP)
            time.sleep(0.2)
            self.exchange.daemon.send(signal.SIGCONT)

    def stop(self):
        self.over.set()
        self.join()


class DeskCaller(threading.Thread):
    """A desk phone that calls the queue, is served, and calls again."""

    def __init__(self, exchange, calls):
        super().__init__(daemon=True)
        self.calls = calls
        self.phone = Baresip(exchange.folder, f"desk{CALLER}", 440, port=5900)
        exchange.wait_for_phone(f"desk{CALLER}")
        for order in ("log_in", "pause"):
            exchange.ask("agent", agent=CALLER, order=order)

    def run(self):
        for _ in range(self.calls):
            self.phone.dial("100")
            self.phone.wait_for_event("CALL_CLOSED", 4 * PATIENCE)


def crowd(exchange, calls, seed):
    """Everybody who calls: SIPp (some wait to be hung up, some do not), loadgen, and a phone."""
    phone = calls // 20
    sipp = calls // 3
    patient = Caller(exchange.folder, name="patient", calls=sipp * 2 // 3, rate=2, port=5070,
                     caller="03011[call_number]")
    hasty = Caller(exchange.folder, name="hasty", calls=sipp - sipp * 2 // 3, rate=1, port=5072,
                   caller="03022[call_number]", hangs_up_after=(2, 9))
    people = Process(
        [PROGRAMS / "loadgen", "--settings", exchange.settings, "--agents", len(LOADGEN), "--rate",
         6, "--calls", calls - sipp - phone, "--talk", "0.3:1.2", "--answer", "0.05:0.3",
         "--hold-share", 0.4, "--hold", "0.1:0.4", "--seed", seed], exchange.folder / "people.log")
    desk = DeskCaller(exchange, phone)
    desk.start()
    return patient.process, hasty.process, people, desk


def wire_messages(exchange, capture, recorder):
    packets = capture.stop()
    messages = [*sip_messages(packets), *tcp_messages(capture.path)]
    if recorder:
        messages += recorder.stop()
    return messages, list(digits_pressed(packets))


def ledger_lanes(exchange):
    """Callers' lanes in the order of their beginnings, by number: {number: [segments, ...]}."""
    lanes, found = exchange.segments(), {}
    for row in exchange.rows("SELECT journey, number FROM journey JOIN person USING (row) "
                             "WHERE outbound = 0"):
        if row["journey"] in lanes:
            found.setdefault(row["number"], []).append(lanes[row["journey"]])
    for segments in found.values():
        segments.sort(key=lambda lane: lane[0]["began_utc_us"])
    return found


class Comparison:
    def __init__(self):
        self.lanes, self.faults, self.segments = 0, [], 0
        self.found = {}  # (boundary, transport): distances in s
        self.remainder = 0

    def compare(self, rebuilt, ledger):
        by_number = {}
        for lane in rebuilt.all:
            by_number.setdefault(lane.number, []).append(lane)
        for number in sorted({*by_number, *ledger}):
            seen, kept = by_number.get(number, []), ledger.get(number, [])
            if len(seen) != len(kept):
                self.faults.append(f"{number}: {len(seen)} calls on the wire, {len(kept)} lanes")
            for lane, segments in zip(seen, kept):
                self.lane(lane, segments)

    def lane(self, lane, segments):
        self.lanes += 1
        self.segments += len(segments)
        total = sum(s["ended_us"] - s["began_us"] for s in segments)
        self.remainder += abs(segments[-1]["ended_us"] - segments[0]["began_us"] - total)
        seen, kept = [s.kind for s in lane.states], [s["kind"] for s in segments]
        if seen != kept or lane.ended is None:
            self.faults.append(f"{lane.number} at {lane.called.time:.3f}: {seen} on the wire, "
                               f"{kept} in the ledger")
            return
        last = segments[-1]
        ended = last["began_utc_us"] + last["ended_us"] - last["began_us"]
        instants = [s["began_utc_us"] for s in segments] + [ended]
        for state, instant in zip((*lane.states, lane.ended), instants):
            # An offer is ours: between its instant and its packet others of the wake-up may go.
            what = (state.kind, state.cause.transport if state.cause else "ours")
            distance = abs(instant / 1e6 - state.began)
            self.found.setdefault(what, []).append(distance)
            if distance > NEVER_BEYOND:
                self.faults.append(f"{lane.number}: {state.kind} is {distance:.3f} s off")

    def distances(self, *transports):
        return sorted(d for (_, transport), all_of in self.found.items()
                      if transport in transports for d in all_of)

    def table(self):
        lines = [f"{'boundary':14} {'by':5} {'count':>6} {'p50 us':>8} {'p99 us':>8} {'max us':>8}"]
        for (kind, transport), found in sorted(self.found.items()):
            lines.append(row(kind, transport, sorted(found)))
        for transport in ("udp", "rtp", "tcp", "tls", "ours"):
            if found := self.distances(transport):
                lines.append(row("all", transport, found))
        return "\n".join(lines)


def at(found, percent):
    return found[min(len(found) - 1, len(found) * percent // 100)]


def row(kind, transport, found):
    return (f"{kind:14} {transport:5} {len(found):6} {at(found, 50) * 1e6:8.0f} "
            f"{at(found, 99) * 1e6:8.0f} {found[-1] * 1e6:8.0f}")


def run(calls=200, transport="udp", pairs=5, linphones=2, stops=True, seed=7):
    """(what was compared, how often each act was done)"""
    real = REAL[:2 * pairs]
    tls = 'port = 5071\nadvertise = "192.0.2.1"\nadvertise_port = 5061' \
        if transport == "tls" else "port = 5061"
    exchange = Exchange(agents=[*LOADGEN, *real, CALLER], trunks=TRUNK + "most_calls = 1000\n",
                        wrap_up="0s", registrar='options_every = "0s"', tls=tls,
                        site="calls_per_second = 1000")
    started = []
    try:
        capture = Capture(exchange.folder, WHAT)
        recorder = TlsRecorder(exchange.folder, (ADDRESS, 5061), (ADDRESS, 5071)) \
            if transport == "tls" else None
        people = desks(exchange, real, linphones, transport)
        stopping = Stops(exchange, seed)
        for desk in people:
            desk.thread.start()
        crowds = crowd(exchange, calls, seed)
        started = [*crowds[:3], *(d.agent.process for d in people),
                   *(d.colleague.process for d in people), crowds[3].phone.process]
        wait_for("the first call", exchange.calls)
        if stops:
            stopping.start()
        for process in crowds[:3]:
            process.child.wait(300)
        crowds[3].join()
        for desk in people:
            desk.stop()
        if stops:
            stopping.stop()
        wait_for("everybody to have gone", lambda: not exchange.calls(), 2 * PATIENCE)
        exchange.verify()
        messages, digits = wire_messages(exchange, capture, recorder)
        comparison = Comparison()
        comparison.compare(Lanes(messages, digits), ledger_lanes(exchange))
        agents = [d for d, _ in differences(messages, exchange, ("agent",), digits)]
        acts = {act: sum(d.done[act] for d in people) for act in people[0].ACTS}
        print(f"{comparison.lanes} calls, {comparison.segments} segments, phones on {transport}, "
              f"{stopping.count} stops of 200 ms; acts of real phones: {acts}, "
              f"{sum(d.left for d in people)} cut short")
        print(comparison.table())
        print(row("agents' lanes", "all", agents))
        print(f"sum of segments less duration, all lanes: {comparison.remainder} us; "
              f"{len(comparison.faults)} faults")
        return comparison, acts
    finally:
        for process in started:
            process.kill()
        exchange.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--transport", choices=("udp", "tcp", "tls"), default="udp")
    parser.add_argument("--desks", type=int, default=5, help="agents with real phones")
    parser.add_argument("--linphones", type=int, default=2, help="of them, those with linphone")
    parser.add_argument("--no-stops", action="store_true", help="do not stop the daemon")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    comparison, _ = run(options.calls, options.transport, options.desks, options.linphones,
                        not options.no_stops, options.seed)
    for fault in comparison.faults[:20]:
        print(fault)
    return 1 if comparison.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
