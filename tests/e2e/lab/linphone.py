"""linphone as a desk phone: its daemon, driven by a Unix socket (a command a line, an answer in
words), and its console, which can record what it hears."""
import socket
import struct
import time

from .exchange import ADDRESS
from .process import PATIENCE, Process, wait_for
from .sound import write_tone

CONFIG = """[sip]
sip_port={ports[udp]}
sip_tcp_port={ports[tcp]}
sip_tls_port={ports[tls]}
guess_hostname=0
root_ca={folder}/certificate.pem
media_encryption={encryption}
[rtp]
audio_rtp_port={rtp}-{rtp_last}
[video]
capture=0
display=0
"""


ACCOUNT = """[proxy_0]
reg_proxy=<sip:{server}>
reg_identity=sip:{user}@{address}
reg_expires=600
reg_sendregister=1
[auth_info_0]
username={user}
passwd={password}
"""


def _write_settings(folder, port, transport, encryption, more=""):
    """linphone's file, in a home of its own below `folder`, which has the exchange's certificate."""
    ports = {name: port if name == transport else -1 for name in ("udp", "tcp", "tls")}
    home = folder / f"linphone-{port}"
    (home / ".local/share/linphone").mkdir(parents=True)
    (home / "linphonerc").write_text(more + CONFIG.format(
        ports=ports, rtp=port + 20000, rtp_last=port + 20099, folder=folder,
        encryption=encryption))
    return home


def _server(transport):
    # No parameter for UDP: the default in writing is another address to linphone.
    return f"{ADDRESS}:{5061 if transport == 'tls' else 5060}" + \
        ("" if transport == "udp" else f";transport={transport}")


class Linphone:
    """Answers every call at once, and plays its tone when told to."""

    def __init__(self, folder, user, hertz, port=5210, password="correct-horse", transport="udp",
                 encryption="none"):
        self.server = _server(transport)
        self.folder = _write_settings(folder, port, transport, encryption)
        self.user, self.password, self.port, self.rtp = user, password, port, port + 20000
        self.tone = self.folder / "tone.wav"
        write_tone(self.tone, hertz)
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

    def next_event(self):
        """The next one as {name: value}; nothing where there is none."""
        lines = (line.partition(": ") for line in self.command("pop-event").splitlines())
        event = {name: value.strip() for name, _, value in lines}
        return event if "Event-type" in event else None

    def new_call(self, state, seconds=PATIENCE):
        """The number of the next call that comes to such a state ("IncomingReceived",
        "OutgoingInit"), not told before."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            event = self.next_event()
            if event is None:
                time.sleep(0.05)
            elif event.get("Event", "").endswith(state):
                return int(event["Id"])
        return None

    def register(self):
        self.command(f"register sip:{self.user}@{ADDRESS} sip:{self.server} {self.password} "
                     f"{self.user}")

    def dial(self, number):
        self.command(f"call sip:{number}@{self.server}")

    def play(self, call):
        self.command(f"incall-player-start {self.tone} {call}")

    def hold(self, call):
        return self.command(f"call-pause {call}")

    def resume(self, call):
        return self.command(f"call-resume {call}")

    def hang_up(self, call):
        return self.command(f"terminate {call}")


class Linphonec:
    """The console: answers every call at once, plays its tone from then on, and records."""

    def __init__(self, folder, user, hertz, port=5210, password="correct-horse", transport="udp",
                 encryption="none"):
        self.folder = _write_settings(folder, port, transport, encryption, ACCOUNT.format(
            server=_server(transport), user=user, address=ADDRESS, password=password))
        write_tone(self.folder / "tone.wav", hertz)
        self.recording = self.folder / "heard.wav"
        self.process = Process(
            ["linphonec", "-a", "-d", "6", "-l", self.folder / "trace", "-c",
             self.folder / "linphonerc"], self.folder / "log", self.folder,
            {"HOME": str(self.folder)}, told=True)
        for line in ("soundcard use files", f"play {self.folder / 'tone.wav'}",
                     f"record {self.recording}"):
            self.process.tell(line)

    def stop(self):
        return self.process.stop()

    def recorded(self):
        """How many bytes, up to now."""
        return self.recording.stat().st_size if self.recording.exists() else 0

    def heard(self, since, until):
        """The samples between two of what recorded() told; the file's header is never finished."""
        data = self.recording.read_bytes()
        rate = struct.unpack_from("<I", data, 24)[0]
        since, until = (max(at, 44) // 2 * 2 for at in (since, until))
        samples = struct.unpack(f"<{(until - since) // 2}h", data[since:until])
        return samples[::max(rate // 8000, 1)]
