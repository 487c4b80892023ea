"""Kills the daemon, or the media process, with calls in each state: how long nobody answers,
whether a packet of sound is lost (by the sequence numbers that phones and callers receive), and
whether calls can be held, resumed, answered and ended afterwards.
usage: lab/enter python3 restarts.py [--restarts 20] [--media 0] [--each 100] [--ledger FILE]"""
import argparse
import json
import shutil
import signal
import socket
import threading
import time

from lab.exchange import ADDRESS, CARRIER, PROGRAMS, TRUNK, Exchange
from lab.process import Process, wait_for

OPTIONS = ("OPTIONS sip:100@{to} SIP/2.0\r\nVia: SIP/2.0/UDP {at}:{port};branch=z9hG4bK{n}\r\n"
           "From: <sip:probe@{at}>;tag={n}\r\nTo: <sip:100@{to}>\r\nCall-ID: probe{n}\r\n"
           "CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n")


class Probe:
    """Asks every 2 ms until it is answered."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((CARRIER, 0))
        self.socket.settimeout(0.002)
        self.number = 0

    def until_answered(self):
        first = self.number + 1
        while True:
            self.number += 1
            words = {"to": ADDRESS, "at": CARRIER, "port": self.socket.getsockname()[1],
                     "n": self.number}
            self.socket.sendto(OPTIONS.format(**words).encode(), (ADDRESS, 5060))
            try:
                answer = self.socket.recv(65536).decode()
                if int(answer.split("Call-ID: probe")[1].split()[0]) >= first:
                    return
            except OSError:
                pass


class Nurse(threading.Thread):
    """Starts the daemon again as soon as it is dead, as supervisors do."""

    def __init__(self, exchange):
        super().__init__(daemon=True)
        self.exchange, self.over = exchange, False

    def run(self):
        while not self.over:
            self.exchange.daemon.child.wait()
            if not self.over:
                self.exchange.launch()


def states(exchange):
    found = {}
    for call in exchange.calls():
        found[call["state"]] = found.get(call["state"], 0) + 1
    return found


class Crowds:
    """`each` calls that talk, as many that are held, as many that wait; every one with sound."""

    def __init__(self, exchange, each):
        self.exchange, self.each = exchange, each
        self.talking = self.play("talking.log", "--agents", each, "--calls", each)
        self.wait(talking=each)
        self.others = self.play("others.log", "--skip", each, "--calls", 2 * each)
        self.wait(talking=2 * each, queued=each)
        self.others.send(signal.SIGUSR1)
        self.wait(talking=each, held=each, queued=each)

    def play(self, log, *options):
        return Process(
            [PROGRAMS / "loadgen", "--settings", self.exchange.settings, "--rate", 50, "--for",
             36000, "--answer", "0.1", "--talk", 36000, "--patience", 0, "--json", "--sound",
             *options], self.exchange.folder / log)

    def wait(self, **expected):
        expected = {state: count for state, count in expected.items() if count}
        wait_for(f"calls to be {expected}", lambda: states(self.exchange) == expected, 60)

    def go_on(self):
        """What phones do in dialogs that lives before have made."""
        n = self.each
        self.talking.send(signal.SIGUSR1)
        self.wait(held=2 * n, queued=n)
        time.sleep(1.2)  # longer than loadgen takes for a pause of the same sound
        for crowd in (self.talking, self.others):
            crowd.send(signal.SIGUSR1)
        self.wait(talking=2 * n, queued=n)
        self.talking.send(signal.SIGUSR2)  # agents hang up, and get those who wait
        self.wait(talking=2 * n)
        time.sleep(0.5)  # until those who were answered last hear each other

    def go_home(self):
        """Callers hang up. What both crowds met, together."""
        crowds = (self.talking, self.others)
        for crowd in crowds:
            crowd.send(signal.SIGTERM)
        met = []
        for crowd in crowds:
            crowd.stop()
            text = crowd.said()
            met.append(json.loads(text[text.index("{"):]))
        wait_for("everybody to have gone", lambda: not self.exchange.calls())
        wait_for("the last row on disk",
                 lambda: self.exchange.ask("status").get("rows_waiting") == 0)
        return {name: (max if name.endswith("_us") else sum)(m[name] for m in met)
                for name in met[0] if name.startswith("rtp_")}


def ways(exchange):
    """How often each way of a caller through the centre was gone."""
    found = {}
    for segments in exchange.segments().values():
        way = " ".join(s["kind"] for s in segments) + ": " + segments[-1]["outcome"]
        found[way] = found.get(way, 0) + 1
    return found


TALKED, HELD = "setup queued ringing talking", " held talking"


def expected_ways(each):
    """Who talked was held once, who was held resumed, who waited was answered. (No agent but those
    of the first crowd is free, and theirs are asked to hold before.)"""
    return {f"{TALKED}{HELD}: completed": 2 * each, f"{TALKED}: completed": each}


def marked(exchange, kind):
    """Callers' lanes with such a mark, for each time that it was made."""
    return len(exchange.rows("SELECT * FROM mark JOIN journey ON lane = journey WHERE kind = ?",
                             kind))


def kill_daemon(exchange, probe):
    """Seconds until somebody answers again."""
    killed = time.monotonic()
    dead = exchange.daemon
    dead.child.kill()
    while exchange.daemon is dead:
        time.sleep(0.0002)
    probe.until_answered()
    return time.monotonic() - killed


def kill_media(exchange, _):
    killed = time.monotonic()
    exchange.media.kill()
    exchange.start_media()
    wait_for("all sound", lambda: exchange.try_ask("status").get("media") == "up")
    return time.monotonic() - killed


def repeat(times, kill, crowds, probe, pause=1.0):
    took = []
    for _ in range(times):
        time.sleep(pause)
        took.append(kill(crowds.exchange, probe))
        wait_for("the media process",
                 lambda: crowds.exchange.try_ask("status").get("media") == "up")
        n = crowds.each
        crowds.wait(talking=n, held=n, queued=n)
    return sorted(took)


def population(each, ledger=None):
    agents = [str(number) for number in range(2101, 2101 + max(1, 2 * each))]
    exchange = Exchange(agents=agents, trunks=TRUNK + "most_calls = 1000\n",
                        site="calls_per_second = 1000")
    if ledger:
        exchange.daemon.stop()
        shutil.copy(ledger, exchange.folder / "state/ledger.db")
        exchange.start()
    return exchange


def percentile(took, share):
    return took[min(len(took) - 1, int(len(took) * share))] * 1e3


def run(restarts, media, each, ledger):
    exchange = population(each, ledger)
    try:
        crowds = Crowds(exchange, each)
        nurse, probe = Nurse(exchange), Probe()
        nurse.start()
        for name, times, kill in (("daemon", restarts, kill_daemon), ("media", media, kill_media)):
            if took := repeat(times, kill, crowds, probe):
                print(f"{name} killed {times} times with {each} talking, held and waiting each: ms "
                      f"until it serves: p50 {percentile(took, 0.5):.0f}, "
                      f"p99 {percentile(took, 0.99):.0f}, least {percentile(took, 0):.0f}")
        crowds.go_on()
        nurse.over = True
        met = crowds.go_home()
        size = (exchange.folder / "state/ledger.db").stat().st_size
        print(f"a ledger of {size / 1e9:.2f} GB, marks: {marked(exchange, 'degraded')} degraded, "
              f"{marked(exchange, 'soundless')} soundless")
        print(", ".join(f"{name} {value}" for name, value in met.items()))
        print("ways:", ways(exchange) if not ledger else "not counted")
    finally:
        exchange.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--restarts", type=int, default=20, help="kills of the daemon")
    parser.add_argument("--media", type=int, default=0, help="kills of the media process")
    parser.add_argument("--each", type=int, default=100, help="calls in each state")
    parser.add_argument("--ledger", help="a ledger to start with, as tests/bench/big_ledger makes")
    options = parser.parse_args()
    run(options.restarts, options.media, options.each, options.ledger)


if __name__ == "__main__":
    main()
