"""What the whole exchange costs: the real daemon and media process on one core, loadgen on another.

Run it on a quiet machine, from the top of the checkout, with a release build:

    tests/e2e/lab/enter python3 tests/bench/exchange.py [memory|rate|free|restart|cost ...]

`cost` needs the target holdfastd_bare, which is built when asked for.

Every run warms up first (the phones register and log in before the calls come), and ends with the
ledger's verification. SIP over UDP on loopback; no sound but the music of those who wait.
"""
import json
import os
import pathlib
import platform
import socket
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
from lab.exchange import ADDRESS, CARRIER, PROGRAMS, Exchange  # noqa: E402
from lab.process import Process  # noqa: E402

RATES = (100, 200, 300, 400, 500, 600, 800, 1000)  # new calls a second
RATE_SECONDS = 15
TALK = 0.2  # seconds
RESTARTS = 20
COST_RATE, COST_ROUNDS = 200, 3
BARE = ("all", "ledger", "nothing")  # what tests/bench/bare.cpp leaves out
TRUNK = """
[[trunk]]
name = "carrier"
peers = ["192.0.2.3"]
server = "192.0.2.3:5060"
options_every = "0s"
most_calls = 4000
"""
OPTIONS = (
    "OPTIONS sip:{there} SIP/2.0\r\nVia: SIP/2.0/UDP {here}:{port};branch=z9hG4bK{number}\r\n"
    "Max-Forwards: 70\r\nFrom: <sip:{here}>;tag=1\r\nTo: <sip:{there}>\r\nCall-ID: b{number}\r\n"
    "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n")


def pin(pid, core):
    subprocess.run(["taskset", "-acp", str(core), str(pid)], check=True, capture_output=True)


def resident_kib(pid):
    pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024


class Bare:
    """A daemon that leaves something out."""
    program = PROGRAMS / "tests/holdfastd_bare"

    def __init__(self, what):
        self.what = what

    def environment(self):
        return {"HOLDFAST_BARE": self.what}


class Bench:
    """An exchange on core 0 whose agents need no wrap-up."""

    def __init__(self, agents, bare=None):
        self.bare = bare
        self.exchange = Exchange(
            prepared=None if bare is None else lambda _: Bare(bare),
            agents=[str(3001 + i) for i in range(agents)], trunks=TRUNK,
            site="calls_per_second = 5000\nblack_box_megabytes = 256",
            queue="capacity = 4000", wrap_up="0s")
        pin(self.exchange.daemon.pid, 0)
        pin(self.exchange.media.pid, 0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.bare in (None, "nothing"):
            self.exchange.verify()
        self.exchange.close()

    def resident(self):
        return [resident_kib(p.pid) for p in (self.exchange.daemon, self.exchange.media)]

    def load(self, rate, seconds, *more):
        """Starts loadgen on core 1."""
        watched = f"{self.exchange.daemon.pid},{self.exchange.media.pid}"
        self.log = self.exchange.folder / f"load{time.monotonic_ns()}.json"
        self.generator = Process(
            ["taskset", "-c", "1", PROGRAMS / "loadgen", "--settings", self.exchange.settings,
             "--rate", rate, "--for", seconds, "--answer", "0", "--json", "--watch", watched,
             "--seed", "1", *more], self.log)

    def report(self):
        if self.generator.child.wait(300) != 0:
            raise RuntimeError(f"loadgen failed: {self.generator.said()}")
        said = self.generator.said()
        return json.loads(said[said.index("{"):])

    def waiting(self):
        return self.exchange.ask("status")["waiting"]


def conditions():
    model = next((line.split(": ")[1].strip() for line in open("/proc/cpuinfo", encoding="ascii")
                  if line.startswith("model name")), "unknown processor")
    load = pathlib.Path("/proc/loadavg").read_text().split()[0]
    print(f"{model}, {os.cpu_count()} cores, Linux {platform.release()}, load before {load}")
    print("daemon and media process share core 0, loadgen has core 1; UDP on loopback")


def rate():
    """Queued calls a second on one core until the first that fails or is late."""
    print(f"\nrate: each caller is queued, answered, talks {TALK} s; {RATE_SECONDS} s a step")
    print("calls/s  talked  daemon ms CPU/call  media ms CPU/call  INVITE-200 p50/p99 ms  "
          "offer-to-free p99 ms  loadgen late p99 ms")
    for calls in RATES:
        with Bench(min(400, max(40, int(calls * (TALK + 0.2))))) as bench:
            bench.load(calls, RATE_SECONDS, "--talk", TALK)
            r = bench.report()
        called = r["called"]
        answer, free, late = (r[k] for k in ("invite_to_answer", "agent_free_to_ringing",
                                             "own_lateness"))
        print(f"{calls:7} {r['talks']:7} {r['holdfastd']['cpu_s'] / called * 1e3:19.3f} "
              f"{r['holdfast-media']['cpu_s'] / called * 1e3:18.3f} "
              f"{answer['p50_us'] / 1e3:15.2f} /{answer['p99_us'] / 1e3:6.2f} "
              f"{free['p99_us'] / 1e3:20.2f} {late['p99_us'] / 1e3:20.2f}", flush=True)
        if r["talks"] < called * 0.999 or r["refused"]:
            print(f"{calls} calls/s were not all served: {r}")
            return


def cost():
    """What surviving costs: the shipped daemon against one that keeps no journal and no ledger, and
    one that keeps the journal alone, in turn."""
    print(f"\ncost: {COST_RATE} calls/s for {RATE_SECONDS} s, {COST_ROUNDS} times in turn; the "
          "daemon's ms CPU/call")
    found = {}
    for _ in range(COST_ROUNDS):
        for bare in (None, *BARE):
            with Bench(int(COST_RATE * (TALK + 0.2)), bare) as bench:
                bench.load(COST_RATE, RATE_SECONDS, "--talk", TALK)
                r = bench.report()
            name = next(key for key in r if key.startswith("holdfastd"))
            if r["talks"] < r["called"] * 0.999:
                raise RuntimeError(f"not all calls were served: {r}")
            found.setdefault(bare, []).append(r[name]["cpu_s"] / r["called"] * 1e3)
    middle = {bare: statistics.median(costs) for bare, costs in found.items()}
    for bare, costs in found.items():
        what = "all of it" if bare is None else f"without {bare}"
        print(f"{what:16} {middle[bare]:.3f}  ({', '.join(f'{c:.3f}' for c in costs)})")
    print(f"all of it / without all: {middle[None] / middle['all']:.2f}; "
          f"all of it / without ledger: {middle[None] / middle['ledger']:.2f}")


def free():
    """From an agent's hang-up to the INVITE of the next caller, with more than 100 waiting."""
    with Bench(20) as bench:
        bench.load(100, 10, "--talk", 0.5, "--patience", 60)
        least = []
        while bench.generator.runs():
            least.append(bench.waiting())
            time.sleep(0.5)
        found = bench.report()["agent_free_to_ringing"]
    busy = sorted(least)[len(least) // 2]
    print(f"\nfree agent to INVITE, {busy} waiting (median): {found['count']} offers, "
          f"p50 {found['p50_us']} us, p99 {found['p99_us']} us, max {found['max_us']} us")


def memory():
    """Resident: idle with 200 phones, and what each caller adds who waits."""
    with Bench(200) as bench:
        bench.load(0.001, 8)
        time.sleep(6)
        idle = bench.resident()
        bench.report()
        print(f"\nidle with 200 registered phones: daemon {idle[0] / 1024:.1f} MiB, "
              f"media {idle[1] / 1024:.1f} MiB")
    with Bench(1) as bench:
        bench.load(200, 15, "--talk", 60, "--patience", 20)
        time.sleep(1.5)
        before, few = bench.resident(), bench.waiting()
        time.sleep(10)
        after, many = bench.resident(), bench.waiting()
        bench.report()
    each = [(b - a) / (many - few) for a, b in zip(before, after)]
    print(f"each waiting caller ({few} to {many}): daemon {each[0]:.1f} KiB, "
          f"media {each[1]:.1f} KiB")


def restart():
    """kill -9 with 100 waiting, until the first OPTIONS is answered."""
    took = []
    with Bench(1) as bench:
        bench.load(50, 0, "--calls", 100, "--talk", 600)
        time.sleep(6)
        waiting = bench.waiting()
        for number in range(RESTARTS):
            bench.exchange.daemon.child.kill()
            killed = time.monotonic()
            bench.exchange.daemon.child.wait()
            bench.exchange.daemon = Process(
                [PROGRAMS / "holdfastd", "--settings", bench.exchange.settings],
                bench.exchange.folder / "holdfastd.log")
            answered_options(number)
            took.append((time.monotonic() - killed) * 1e3)
            time.sleep(0.5)
        lost = waiting - bench.waiting()
        bench.generator.stop()
    print(f"\nkill -9 to the first answered OPTIONS, {waiting} waiting, {RESTARTS} times: "
          f"p50 {statistics.median(took):.0f} ms, max {max(took):.0f} ms; {lost} callers lost")


def answered_options(number):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((CARRIER, 0))
        line.settimeout(0.005)
        port = line.getsockname()[1]
        request = OPTIONS.format(there=ADDRESS, here=CARRIER, port=port, number=number).encode()
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                line.sendto(request, (ADDRESS, 5060))
                return line.recv(4096)
            except OSError:
                time.sleep(0.002)
    raise RuntimeError("the daemon did not come back within 20 s")


MEASURES = {"memory": memory, "rate": rate, "free": free, "restart": restart, "cost": cost}

if __name__ == "__main__":
    wanted = sys.argv[1:] or ["memory", "free", "rate", "restart"]
    conditions()
    for name in wanted:
        MEASURES[name]()
