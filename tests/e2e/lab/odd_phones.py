"""SIPp as desk phones that do what few do, but some: scenarios of parts that are put together."""
import re

from .exchange import ADDRESS, PHONES
from .process import Process, wait_for

SDP = """v=0
o=odd 1 {version} IN IP4 [local_ip]
s=-
c=IN IP4 {connection}
t=0 0
m=audio {port} RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-16
"""
OURS = """Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
Contact: <sip:{user}@[local_ip]:[local_port]>
"""
ANSWERED = "[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\n"


def send(text, body="", retrans=False):
    head = text.strip("\n") + ("\nContent-Type: application/sdp" if body else "")
    return (f'<send{" retrans=" + chr(34) + "500" + chr(34) if retrans else ""}><![CDATA[\n'
            f"{head}\nContent-Length: [len]\n\n{body}\n]]></send>\n")


def take(what, more=""):
    kind = "response" if str(what).isdigit() else "request"
    return f'<recv {kind}="{what}"{more}/>\n'


def respond(status, more="", body=""):
    return send(f"SIP/2.0 {status} As It Is\n{ANSWERED}{more}", body)


def pause(milliseconds):
    return f'<pause milliseconds="{int(milliseconds)}"/>\n'


def sdp(version=1, connection="[local_ip]", direction="sendrecv", port="7078"):
    return SDP.format(version=version, connection=connection, port=port) + f"a={direction}\n"


def plays(tone):
    """Sends such a tone, again and again, from where "[rtpstream_audio_port]" says."""
    return f'<nop><action><exec rtp_stream="{tone},-1,8"/></action></nop>\n'


# The dialog of a call that came, as the phone's own requests name it.
LEARN = """<recv request="ACK"><action>
<ereg regexp=".*" search_in="hdr" header="From:" assign_to="them"/>
<ereg regexp=".*" search_in="hdr" header="To:" assign_to="us"/>
</action></recv>
"""


class Dialog:
    """Requests of a phone within the call that it has, each with the next CSeq."""

    def __init__(self, user, us="[$us]", them="[$them]", first=1):
        self.user, self.us, self.them, self.cseq = user, us, them, first

    def request(self, method, more="", body="", retrans=True):
        self.cseq += 1
        return send(f"{method} [next_url] SIP/2.0\n{OURS.format(user=self.user)}From:{self.us}\n"
                    f"To:{self.them}\nCall-ID: [call_id]\nCSeq: {self.cseq} {method}\n{more}",
                    body, retrans)

    def refer(self, target, more=""):
        return self.request("REFER", f"Refer-To: {target}\nReferred-By: <sip:{self.user}@odd>\n"
                                     f"{more}")

    def reinvite(self, body):
        return (self.request("INVITE", body=body) + take(100, ' optional="true"') + take(200) +
                self.ack())

    def ack(self):
        return send(f"ACK [next_url] SIP/2.0\n{OURS.format(user=self.user)}From:{self.us}\n"
                    f"To:{self.them}\nCall-ID: [call_id]\nCSeq: {self.cseq} ACK")


def is_called(user, rings=50, allow="INVITE, ACK, BYE, CANCEL, REFER, NOTIFY, OPTIONS",
              answer=None):
    """The phone rings and is answered."""
    mine = f"Contact: <sip:{user}@[local_ip]:[local_port]>\nAllow: {allow}\n"
    tagged = ANSWERED.replace("[last_To:]", "[last_To:];tag=[pid]o[call_number]")
    return (take("INVITE", ' rrs="true"') +
            send(f"SIP/2.0 180 Ringing\n{tagged}{mine}") + pause(rings) +
            send(f"SIP/2.0 200 OK\n{tagged}{mine}", answer or sdp(), True) + LEARN)


def calls(user, number, more="", final=200):
    """The phone calls, and proves its password; `more` is in the INVITE, the answer is `final`."""
    def invite(cseq, credentials=""):
        return send(f"INVITE sip:{number}@[remote_ip] SIP/2.0\n{OURS.format(user=user)}"
                    f"From: <sip:{user}@[remote_ip]>;tag=[pid]c[call_number]\n"
                    f"To: <sip:{number}@[remote_ip]>\nCall-ID: [call_id]\nCSeq: {cseq} INVITE\n"
                    f"{credentials}{more}", sdp(), True)

    def refused(cseq):
        return send(f"ACK sip:{number}@[remote_ip] SIP/2.0\n[last_Via:]\nMax-Forwards: 70\n"
                    f"[last_From:]\n[last_To:]\n[last_Call-ID:]\nCSeq: {cseq} ACK")
    credentials = f"[authentication username={user} password=correct-horse]\n"
    begins = (invite(1) + take(100, ' optional="true"') + take(401, ' auth="true"') + refused(1) +
              invite(2, credentials) + take(100, ' optional="true"') +
              take(180, ' optional="true"') + take(183, ' optional="true"') +
              take(final, ' rrs="true"'))
    if final >= 300:
        return begins + refused(2)
    return begins + send(f"ACK [next_url] SIP/2.0\n{OURS.format(user=user)}[last_From:]\n"
                         "[last_To:]\nCall-ID: [call_id]\nCSeq: 2 ACK")


def calls_in(number, more, final):
    """A caller on the trunk who is refused."""
    them = ("From: <sip:0302@[local_ip]:[local_port]>;tag=[pid]a\n"
            f"To: <sip:{number}@[remote_ip]>")
    return (send(f"INVITE sip:{number}@[remote_ip]:[remote_port] SIP/2.0\n"
                 f"{OURS.format(user='0302')}{them}\nCall-ID: [call_id]\nCSeq: 1 INVITE\n{more}",
                 sdp(), True) +
            take(100, ' optional="true"') + take(final) +
            send(f"ACK sip:{number}@[remote_ip] SIP/2.0\n[last_Via:]\nMax-Forwards: 70\n"
                 "[last_From:]\n[last_To:]\n[last_Call-ID:]\nCSeq: 1 ACK"))


def rings_until_cancelled(user):
    """The phone rings, and stops when it is told to."""
    keep = "".join(f'<ereg regexp=".*" search_in="hdr" header="{name}:" assign_to="{to}"/>\n'
                   for name, to in (("Via", "via"), ("From", "from"), ("To", "to"),
                                    ("CSeq", "cseq")))
    return (f'<recv request="INVITE" rrs="true"><action>{keep}</action></recv>\n' +
            send("SIP/2.0 180 Ringing\n" +
                 ANSWERED.replace("[last_To:]", "[last_To:];tag=[pid]o[call_number]") +
                 f"Contact: <sip:{user}@[local_ip]:[local_port]>\n") +
            take("CANCEL") + respond(200) +
            send("SIP/2.0 487 Terminated\nVia:[$via]\nFrom:[$from]\n"
                 "To:[$to];tag=[pid]o[call_number]\nCall-ID: [call_id]\nCSeq:[$cseq]", "", True) +
            take("ACK"))


def hung_up():
    return take("BYE") + respond(200)


REGISTER = """REGISTER sip:[remote_ip] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
Contact: <sip:{user}@[local_ip]:[local_port]>
From: <sip:{user}@[remote_ip]>;tag=[pid]r[call_number]
To: <sip:{user}@[remote_ip]>
Call-ID: [call_id]
CSeq: {cseq} REGISTER
Expires: 600
{more}"""


def registers(user):
    credentials = f"[authentication username={user} password=correct-horse]\n"
    return (send(REGISTER.format(user=user, cseq=1, more=""), retrans=True) +
            take(401, ' auth="true"') +
            send(REGISTER.format(user=user, cseq=2, more=credentials), retrans=True) + take(200))


def called_in_assured(number):
    """A caller who requires that provisional responses arrive: 183 with SDP, PRACK, and a 200 that
    does not repeat the SDP (RFC 3262)."""
    them = ("From: <sip:0301@[local_ip]:[local_port]>;tag=[pid]a\n"
            f"To: <sip:{number}@[remote_ip]>")
    rack = ('<recv response="183" rrs="true"><action><ereg regexp="[0-9]+" search_in="hdr" '
            'header="RSeq:" assign_to="rseq"/></action></recv>\n')
    return (send(f"INVITE sip:{number}@[remote_ip]:[remote_port] SIP/2.0\n"
                 f"{OURS.format(user='0301')}{them}\nCall-ID: [call_id]\nCSeq: 1 INVITE\n"
                 "Require: 100rel\n", sdp(), True) +
            take(100, ' optional="true"') + rack +
            send(f"PRACK [next_url] SIP/2.0\n{OURS.format(user='0301')}{them}[peer_tag_param]\n"
                 "Call-ID: [call_id]\nCSeq: 2 PRACK\nRAck: [$rseq] 1 INVITE", retrans=True) +
            take(200) + take(200) +
            send(f"ACK [next_url] SIP/2.0\n{OURS.format(user='0301')}{them}[peer_tag_param]\n"
                 "Call-ID: [call_id]\nCSeq: 1 ACK") + pause(500) +
            send(f"BYE [next_url] SIP/2.0\n{OURS.format(user='0301')}{them}[peer_tag_param]\n"
                 "Call-ID: [call_id]\nCSeq: 3 BYE", retrans=True) + take(200))


def is_called_assured():
    """A called carrier whose 183 must arrive, and has the only SDP."""
    mine = "Contact: <sip:carrier@[local_ip]:[local_port]>\n"
    tagged = ANSWERED.replace("[last_To:]", "[last_To:];tag=[pid]o[call_number]")
    keep = "".join(f'<ereg regexp=".*" search_in="hdr" header="{name}:" assign_to="{to}"/>\n'
                   for name, to in (("Via", "via"), ("From", "from"), ("To", "to"),
                                    ("CSeq", "cseq")))
    kept = ("Via:[$via]\nFrom:[$from]\nTo:[$to];tag=[pid]o[call_number]\nCall-ID: [call_id]\n"
            f"CSeq:[$cseq]\n{mine}")
    return (f'<recv request="INVITE" rrs="true"><action>{keep}</action></recv>\n' +
            send(f"SIP/2.0 183 Session Progress\n{tagged}{mine}Require: 100rel\nRSeq: 4711\n",
                 sdp(), True) +
            take("PRACK") + respond(200) + pause(300) + send(f"SIP/2.0 200 OK\n{kept}", "", True) +
            take("ACK") + hung_up())


class OddPhone:
    """One scenario, once, at the phone's port. SIPp has to be told what to prove its password for
    where it is not the exchange itself: the number that it `calls_to`."""

    def __init__(self, folder, name, port, scenario, address=PHONES, calls_to=None):
        self.folder = folder / f"odd-{name}"
        self.folder.mkdir()
        unused = '<Reference variables="them,us"/>\n' if "[$" not in scenario and \
            'assign_to="us"' in scenario else ""
        (self.folder / "scenario.xml").write_text(
            '<?xml version="1.0" encoding="ISO-8859-1" ?>\n'
            f'<scenario name="{name}">\n{scenario}{unused}</scenario>\n')
        self.process = Process(
            ["sipp", f"{ADDRESS}:5060", "-sf", self.folder / "scenario.xml", "-i", address, "-p",
             port, "-mi", address, "-m", 1, "-nostdin", "-trace_err", "-trace_msg", "-timeout",
             "20s", "-timeout_error",
             *(["-auth_uri", f"{calls_to}@{ADDRESS}"] if calls_to else [])],
            self.folder / "log", self.folder)

    def dialog(self):
        """(Call-ID, the exchange's tag, its own) of the call that came to it."""
        def ringing():
            text = "".join(f.read_text(errors="replace")
                           for f in self.folder.glob("*_messages.log"))
            return re.search(r"SIP/2\.0 180 Ringing.*?\r?\n\r?\n", text, re.S)
        message = wait_for("the phone to ring", ringing).group(0)

        def found(expression):
            return re.search(expression, message).group(1)
        return (found(r"Call-ID: *(\S+)"), found(r"From:[^\n]*?;tag=([^\s;]+)"),
                found(r"To:[^\n]*?;tag=([^\s;]+)"))

    def media_of_exchange(self):
        """The port where the exchange listens to it, by the first SDP that came."""
        text = "".join(f.read_text(errors="replace")
                       for f in self.folder.glob("*_messages.log"))
        return int(re.search(r"m=audio (\d+)", text).group(1))

    def wait(self, seconds=30):
        """SIPp's own verdict: 0 where it went as the scenario says."""
        return self.process.child.wait(seconds)

    def trouble(self):
        return "".join(f.read_text(errors="replace")[-3000:]
                       for f in sorted(self.folder.glob("*_errors.log")))
