"""baresip as a desk phone, driven by its control socket (netstrings with JSON)."""
import json
import re
import socket
import time

from .exchange import ADDRESS, PHONES
from .process import PATIENCE, Process, wait_for
from .sound import write_tone

CONFIG = """
poll_method epoll
sip_listen {address}:{port}
{more}
call_local_timeout 120
call_max_calls 4
audio_source aufile,{folder}/tone.wav
audio_player aubridge,nil{port}
audio_alert aubridge,alert{port}
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
audio_txmode thread
audio_level no
ausrc_format s16
auplay_format s16
auenc_format s16
audec_format s16
audio_buffer 20-160
rtp_ports {rtp}-{rtp_last}
rtcp_mux no
jitter_buffer_delay 5-10
rtp_stats yes
module_path /usr/lib/baresip/modules
module g711.so
module g722.so
module opus.so
module aufile.so
module aubridge.so
module_tmp uuid.so
module_tmp account.so
module_app contact.so
module_app debug_cmd.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
ringback_disabled yes
menu_bell no
redial_attempts 0
"""


class Baresip:
    """`port` is the phone's SIP port; its others are made from it (TLS listens at port + 1)."""

    def __init__(self, folder, user, hertz, port=5110, server=f"{ADDRESS}:5060", transport="udp",
                 password="correct-horse", manual=True, account="", config="", start=True,
                 registers_every=60, codecs="PCMA,PCMU", records=False):
        self.folder = folder / f"baresip-{user}"
        self.folder.mkdir()
        self.user, self.server, self.port = user, server, port
        self.rtp = port + 20000
        self.control_port = port + 1000
        write_tone(self.folder / "tone.wav", hertz)
        if records:
            config += f"snd_path {self.folder}\nmodule sndfile.so\n"
        (self.folder / "config").write_text(CONFIG.format(
            address=PHONES, port=port, control=self.control_port, rtp=self.rtp,
            rtp_last=self.rtp + 99, folder=self.folder, more=config))
        mode = "manual" if manual else "auto"
        (self.folder / "accounts").write_text(
            f"<sip:{user}@{server};transport={transport}>;auth_user={user};auth_pass={password};"
            f"regint={registers_every};answermode={mode};audio_codecs={codecs};mwi=no{account}\n")
        (self.folder / "contacts").touch()
        self.process = self.connection = None
        self.events, self._buffer, self._tokens = [], b"", 0
        if start:
            self.start()

    def start(self):
        self.process = Process(["baresip", "-f", self.folder, "-s"], self.folder / "log")
        self.connection = wait_for("baresip's control socket", self._connect)

    def _connect(self):
        try:
            return socket.create_connection(("127.0.0.1", self.control_port))
        except OSError:
            return None

    def stop(self):
        return self.process.stop()

    def kill(self):
        return self.process.kill()

    def _pump(self, seconds):
        self.connection.settimeout(max(seconds, 0.001))
        try:
            received = self.connection.recv(65536)
        except (socket.timeout, BlockingIOError):
            return
        if not received:
            raise EOFError("baresip is gone")
        self._buffer += received
        while b":" in self._buffer:
            size, _, rest = self._buffer.partition(b":")
            if len(rest) <= int(size):
                return
            self.events.append(json.loads(rest[:int(size)].decode(errors="replace")))
            self._buffer = rest[int(size) + 1:]

    def command(self, command, params=None):
        self._tokens += 1
        message = {"command": command, "token": f"t{self._tokens}"}
        if params is not None:
            message["params"] = params
        text = json.dumps(message).encode()
        self.connection.sendall(b"%d:%s," % (len(text), text))
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for event in self.events:
                if event.get("response") and event.get("token") == message["token"]:
                    return event
            self._pump(0.1)
        raise AssertionError(f"baresip did not answer {command}")

    def wait_for_event(self, kind, patience=PATIENCE):
        """The next event of a kind not waited for before."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            for event in self.events:
                if event.get("event") and event.get("type") == kind:
                    self.events.remove(event)
                    return event
            self._pump(0.1)
        raise AssertionError(f"baresip told no {kind}; it told {[e.get('type') for e in self.events]}")

    # ---- what an agent does --------------------------------------------------------------------
    def dial(self, number):
        self.command("dial", f"sip:{number}@{self.server}")

    def dial_code(self, code):
        """A feature code: answered, confirmed by tones, and ended by the exchange."""
        self.dial(code)
        self.wait_for_event("CALL_ESTABLISHED")
        self.wait_for_event("CALL_CLOSED")

    def answer(self):
        self.wait_for_event("CALL_INCOMING")
        self.command("accept")
        self.wait_for_event("CALL_ESTABLISHED")

    def hang_up(self):
        self.command("hangup")

    def hold(self):
        self.command("hold")

    def resume(self):
        self.command("resume")

    def saw(self, kind, seconds):
        """Whether such an event, not waited for before, is there or comes within the time."""
        try:
            return self.wait_for_event(kind, seconds)
        except AssertionError:
            return None

    def calls(self):
        """How many it has."""
        listed = self.command("listcalls").get("data", "")
        found = re.search(r"\((\d+)\)", listed)
        return int(found.group(1)) if found else 0

    def replaces(self, number):
        """The dialog of the last call that was dialled to a number, as a Replaces value within a
        URI: our tag in it, and the exchange's, from the answer to the INVITE."""
        answers = re.findall(r"SIP/2\.0 200 OK(.*?)\r?\n\r?\n", self.process.said(), re.S)
        dialog = next(a for a in reversed(answers) if "INVITE" in a and f"sip:{number}@" in a)
        call_id = re.search(r"Call-ID: (\S+)", dialog).group(1)
        ours = re.search(r"\nTo: .*?;tag=([^\s;]+)", dialog).group(1)
        theirs = re.search(r"\nFrom: .*?;tag=([^\s;]+)", dialog).group(1)
        return f"{call_id}%3Bto-tag%3D{ours}%3Bfrom-tag%3D{theirs}"

    def pass_on(self, number):
        self.command("transfer", f"sip:{number}@{self.server}")

    def join(self, number):
        """Passes its first call on to whom the second was dialled: the colleague of that number."""
        self.command("line", "1")
        self.command("transfer",
                     f"<sip:{number}@{self.server}?Replaces={self.replaces(number)}>")

    def heard(self):
        """The recordings of its calls in order, of a phone that records; each ends with the first
        hold."""
        return sorted(self.folder.glob("dump-*-dec.wav"))

    def mute(self):
        """Or no longer."""
        self.command("mute")

    def press(self, digit):
        self.command("sndcode", digit)
        time.sleep(0.15)
        self.command("sndcode", "")


def logged_in(test, number, hertz, **how):
    """The phone of that agent, who is logged in, until the test is over."""
    phone = Baresip(test.exchange.folder, f"desk{number}", hertz, **how)
    test.addCleanup(phone.stop)
    test.exchange.wait_for_phone(f"desk{number}")
    phone.dial_code("*45")
    return phone
