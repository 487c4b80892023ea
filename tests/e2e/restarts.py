"""Measures how long nobody answers after kill -9: from the kill to the first answered OPTIONS, with
many calls, and with a large ledger.
usage: lab/enter python3 restarts.py [--restarts 20] [--each 100] [--ledger FILE] [--sound]"""
import argparse
import json
import shutil
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


def fill(exchange, each, sound):
    """`each` calls that talk, as many that are held, as many that wait."""
    def play(name, *options):
        return Process([PROGRAMS / "loadgen", "--settings", exchange.settings, "--rate", 50,
                        "--answer", "0.1", "--talk", "3600", "--json", *options],
                       exchange.folder / name)
    people = [play("talking.log", "--agents", each, "--calls", each, *sound)]
    wait_for("the talking", lambda: states(exchange) == {"talking": each}, 60)
    people.append(play("others.log", "--skip", each, "--calls", 2 * each, "--hold-share", 1,
                       "--hold-after", 1, "--hold", 1700))
    wait_for("the others", lambda: states(exchange) == {
        "talking": each, "held": each, "queued": each}, 60)
    return people


def run(restarts, each, ledger, sound):
    agents = [str(number) for number in range(2101, 2101 + 2 * each)]
    exchange = Exchange(agents=agents, trunks=TRUNK + "most_calls = 1000\n",
                        site="calls_per_second = 1000")
    if ledger:
        exchange.daemon.stop()
        shutil.copy(ledger, exchange.folder / "state/ledger.db")
        exchange.start()
    people = fill(exchange, each, ["--sound"] if sound else []) if each else []
    nurse, probe, took = Nurse(exchange), Probe(), []
    nurse.start()
    for _ in range(restarts):
        time.sleep(1)
        killed = time.monotonic()
        dead = exchange.daemon
        dead.child.kill()
        while exchange.daemon is dead:
            time.sleep(0.0002)
        probe.until_answered()
        took.append(time.monotonic() - killed)
        wait_for("the media process", lambda: exchange.try_ask("status").get("media") == "up")
        if each:
            assert states(exchange) == {"talking": each, "held": each, "queued": each}, \
                states(exchange)
    for process in people:
        process.stop()
    took.sort()
    bytes_of = (exchange.folder / "state/ledger.db").stat().st_size
    print(f"{restarts} restarts with {each} talking, held and waiting each, a ledger of "
          f"{bytes_of / 1e9:.2f} GB: ms to the first answer: p50 {took[len(took) // 2] * 1e3:.0f}, "
          f"p99 {took[len(took) * 99 // 100] * 1e3:.0f}, least {took[0] * 1e3:.0f}")
    if sound:
        text = (exchange.folder / "talking.log").read_text()
        figures = json.loads(text[text.index("{"):])
        print(f"RTP packets sent {figures['rtp_sent']}, received {figures['rtp_received']}")
    nurse.over = True
    exchange.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--restarts", type=int, default=20)
    parser.add_argument("--each", type=int, default=100, help="calls in each state")
    parser.add_argument("--ledger", help="a ledger to start with, as tests/bench/big_ledger makes")
    parser.add_argument("--sound", action="store_true", help="RTP of those who talk")
    options = parser.parse_args()
    run(options.restarts, options.each, options.ledger, options.sound)


if __name__ == "__main__":
    main()
