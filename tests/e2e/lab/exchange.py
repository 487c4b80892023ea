"""The exchange under test: settings, the real programs, its control socket and its ledger."""
import json
import os
import pathlib
import re
import shutil
import socket
import sqlite3
import subprocess
import tempfile

from .process import PATIENCE, Process, wait_for

PROGRAMS = pathlib.Path(os.environ.get("HOLDFAST_PROGRAMS", "build/release"))
ADDRESS, PHONES, CARRIER = "192.0.2.1", "192.0.2.2", "192.0.2.3"

SETTINGS = """
[site]
name = "Lab"
state = "{folder}/state"
runtime = "{folder}/run"
ready_after_login = true
spill_megabytes = 1
music = "{folder}/music.wav"
{site}
[media]
address = "192.0.2.1"
{media}
[registrar]
least_expires = 10
{registrar}
[[listen]]
transport = "udp"
address = "192.0.2.1"
port = 5060
[[listen]]
transport = "tcp"
address = "192.0.2.1"
port = 5060
[[listen]]
transport = "tls"
address = "192.0.2.1"
{tls}
certificate = "{folder}/certificate.pem"
key = "{folder}/key.pem"
[[queue]]
name = "support"
numbers = ["100"]
wrap_up = "{wrap_up}"
{queue}
{agents}
{trunks}
"""
AGENT = """
[[phone]]
name = "{phone}"
password = "correct-horse"
[[agent]]
number = "{number}"
name = "Agent {number}"
phone = "{phone}"
queues = ["support"]
{more}
"""
TRUNK = """
[[trunk]]
name = "carrier"
peers = ["192.0.2.3"]
server = "192.0.2.3:5060"
options_every = "0s"
"""


class Exchange:
    """`prepared`: made of the folder before anything starts; its environment() is the daemon's, and
    its `program` where it has one."""

    def __init__(self, agents=("2101",), trunks=TRUNK, music_hertz=330, agent="", prepared=None,
                 **sections):
        from .sound import write_tone
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="holdfast-lab-"))
        self.prepared = prepared(self.folder) if prepared else None
        write_tone(self.folder / "music.wav", music_hertz, 5)
        parts = {"site": "", "media": "", "registrar": "", "queue": "", "wrap_up": "1s",
                 "tls": "port = 5061", **sections}
        text = SETTINGS.format(
            folder=self.folder, trunks=trunks,
            agents="".join(AGENT.format(number=n, phone=f"desk{n}", more=agent) for n in agents),
            **parts)
        subprocess.run(  # linphone's library knows no addresses in certificates, only names
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "365", "-subj", "/CN=192.0.2.1", "-addext",
             "subjectAltName=IP:192.0.2.1,DNS:192.0.2.1", "-keyout", self.folder / "key.pem",
             "-out", self.folder / "certificate.pem"], check=True, capture_output=True)
        self.settings = self.folder / "settings.toml"
        self.settings.write_text(text)
        (self.folder / "run").mkdir()
        self.media = self.daemon = None
        self.daemon_program = getattr(self.prepared, "program", PROGRAMS / "holdfastd")
        self.start_media()
        self.start()

    def start_media(self):
        self.media = Process([PROGRAMS / "holdfast-media", "--socket", self.folder / "run/media"],
                             self.folder / "media.log")

    def launch(self):
        environment = self.prepared.environment() if self.prepared else None
        self.daemon = Process([self.daemon_program, "--settings", self.settings],
                              self.folder / "holdfastd.log", environment=environment)

    def start(self):
        self.launch()
        wait_for("the daemon to serve and the media process to be up",
                 lambda: self.try_ask("status").get("media") == "up")

    def kill_daemon(self):
        self.daemon.kill()

    def close(self):
        for process in (self.daemon, self.media):
            if process:
                process.stop()
        if "HOLDFAST_KEEP" not in os.environ:  # set it to look at what is left
            shutil.rmtree(self.folder)

    # ---- the control socket --------------------------------------------------------------------
    def ask(self, what, **fields):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(5)
            connection.connect(str(self.folder / "run/control"))
            connection.sendall(json.dumps({"v": 1, "id": 1, "ask": what, **fields}).encode() + b"\n")
            answer = b""
            while not answer.endswith(b"\n"):
                answer += connection.recv(65536)
        answer = json.loads(answer)
        return answer.get(what, answer)

    def try_ask(self, what):
        try:
            return self.ask(what)
        except (OSError, ValueError):
            return {}

    def agent(self, number="2101"):
        return next(a for a in self.ask("agents") if a["number"] == number)

    def wait_for_agent(self, state, number="2101"):
        wait_for(f"agent {number} to be {state}", lambda: self.agent(number)["state"] == state)

    def wait_for_phone(self, name="desk2101"):
        """Until it has registered: clients do so before their control sockets can tell."""
        wait_for(f"phone {name} to register", lambda: next(
            p for p in self.ask("phones") if p["name"] == name)["registered"])

    def calls(self):
        return self.ask("calls")

    def wait_for_call(self, state, count=1):
        return wait_for(f"{count} calls to be {state}", lambda: len(
            [c for c in self.calls() if c["state"] == state]) == count and self.calls())

    # ---- the ledger ----------------------------------------------------------------------------
    def rows(self, sql, *values):
        with sqlite3.connect(f"file:{self.folder}/state/ledger.db?mode=ro", uri=True) as database:
            database.row_factory = sqlite3.Row
            return database.execute(sql, values).fetchall()

    def segments(self, lane_kind="caller"):
        """Segments of each lane, in order: {lane: [row, ...]}."""
        lanes = {}
        for row in self.rows("SELECT * FROM segment WHERE lane_kind = ? ORDER BY lane, number",
                             lane_kind):
            lanes.setdefault(row["lane"], []).append(row)
        return lanes

    def kinds(self):
        """The kinds of the only caller's segments, in order."""
        lanes = self.segments()
        assert len(lanes) == 1, f"{len(lanes)} callers"
        return [row["kind"] for row in next(iter(lanes.values()))]

    def marks(self, kind):
        """Marks in callers' talks, with the wall clock's seconds."""
        return self.rows(
            "SELECT m.*, (m.began_us - s.began_us + s.began_utc_us) / 1e6 AS began, "
            "(m.ended_us - s.began_us + s.began_utc_us) / 1e6 AS ended FROM mark AS m "
            "JOIN segment AS s ON s.lane = m.lane AND s.kind = 'talking' AND "
            "m.began_us >= s.began_us AND m.ended_us <= s.ended_us WHERE m.kind = ?", kind)

    def replay(self):
        """Ends the daemon; its recorded inputs must come to the state it had."""
        self.daemon.stop()
        replayed = Process([PROGRAMS / "holdfast", "replay", self.folder / "state/black-box"],
                           self.folder / "replay.log")
        assert replayed.child.wait(30) == 0, replayed.said()
        assert re.search("same state at [1-9]", replayed.said()), replayed.said()

    def verify(self):
        """The ledger's own check; fails with what it found."""
        checked = Process([PROGRAMS / "holdfast", "ledger", "verify",
                           self.folder / "state/ledger.db"], self.folder / "verify.log")
        code = checked.child.wait(6 * PATIENCE)
        assert code == 0, checked.said()
