"""linphone-daemon as a desk phone, driven by its Unix socket: a command a line, an answer in words."""
import socket
import time

from .exchange import ADDRESS
from .process import PATIENCE, Process, wait_for
from .sound import write_tone

CONFIG = """[sip]
sip_port={port}
sip_tcp_port=-1
sip_tls_port=-1
guess_hostname=0
[rtp]
audio_rtp_port={rtp}-{rtp_last}
[video]
capture=0
display=0
"""


class Linphone:
    """Answers every call at once, and plays its tone when told to."""

    def __init__(self, folder, user, hertz, port=5210, password="correct-horse"):
        self.folder = folder / f"linphone-{user}"
        (self.folder / ".local/share/linphone").mkdir(parents=True)
        self.user, self.password, self.port, self.rtp = user, password, port, port + 20000
        self.tone = self.folder / "tone.wav"
        write_tone(self.tone, hertz)
        (self.folder / "linphonerc").write_text(
            CONFIG.format(port=port, rtp=self.rtp, rtp_last=self.rtp + 99))
        pipe = f"holdfast-{user}-{folder.name}"
        self.process = Process(
            ["linphone-daemon", "--config", self.folder / "linphonerc", "--pipe", pipe,
             "--log", self.folder / "trace", "--auto-answer"], self.folder / "log", self.folder,
            {"HOME": str(self.folder)})
        self.connection = wait_for("linphone's socket", lambda: self._connect(f"/tmp/{pipe}"))

    @staticmethod
    def _connect(path):
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(path)
            return connection
        except OSError:
            connection.close()
            return None

    def stop(self):
        return self.process.stop()

    def command(self, text):
        self.connection.sendall((text + "\n").encode())
        answer, until = b"", time.monotonic() + PATIENCE
        while b"Status:" not in answer and time.monotonic() < until:
            self.connection.settimeout(max(until - time.monotonic(), 0.01))
            answer += self.connection.recv(65536)
        self.connection.settimeout(0.15)
        try:
            answer += self.connection.recv(65536)
        except socket.timeout:
            pass
        return answer.decode(errors="replace")

    def register(self):
        self.command(f"register sip:{self.user}@{ADDRESS} sip:{ADDRESS}:5060 {self.password} "
                     f"{self.user}")

    def dial(self, number):
        self.command(f"call sip:{number}@{ADDRESS}:5060")

    def play(self, call):
        self.command(f"incall-player-start {self.tone} {call}")

    def hold(self, call):
        return self.command(f"call-pause {call}")

    def resume(self, call):
        return self.command(f"call-resume {call}")

    def hang_up(self, call):
        return self.command(f"terminate {call}")
