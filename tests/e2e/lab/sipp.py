"""SIPp as a carrier: callers who come on the trunk, with a tone of their own."""
import math

from .exchange import ADDRESS, CARRIER
from .process import Process
from .sound import RATE

CALL = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="caller">
<send retrans="500"><![CDATA[
INVITE sip:{number}@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "Caller" <sip:{caller}@[local_ip]:[local_port]>;tag=[pid]a[call_number]
To: <sip:{number}@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:{caller}@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=carrier 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-16
a=ptime:20
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="200" rrs="true"/>
<send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "Caller" <sip:{caller}@[local_ip]:[local_port]>;tag=[pid]a[call_number]
To: <sip:{number}@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
<nop><action><exec rtp_stream="{tone},-1,8"/></action></nop>
{ending}
</scenario>
"""
PRESSES = """<pause milliseconds="{milliseconds}"/>
<send retrans="500"><![CDATA[
INFO [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "Caller" <sip:{caller}@[local_ip]:[local_port]>;tag=[pid]a[call_number]
To: <sip:{number}@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: {count} INFO
Max-Forwards: 70
Content-Type: application/dtmf-relay
Content-Length: [len]

Signal={digit}
Duration=100
]]></send>
<recv response="200"/>
"""
HANGS_UP = """<pause {pause}/>
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "Caller" <sip:{caller}@[local_ip]:[local_port]>;tag=[pid]a[call_number]
To: <sip:{number}@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 999 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
"""
IS_HUNG_UP = """<recv request="BYE"/>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
"""


def alaw_tone(hertz):
    """A second of it, in A-law."""
    out = bytearray()
    for n in range(RATE):
        value = int(9000 * math.sin(2 * math.pi * hertz * n / RATE))
        sign, magnitude = (0x80, value) if value >= 0 else (0, -value - 1)
        exponent = max(magnitude.bit_length() - 8, 0)
        mantissa = (magnitude >> (exponent + 3 if exponent else 4)) & 15
        out.append((sign | exponent << 4 | mantissa) ^ 0x55)
    return bytes(out)


class Caller:
    """One caller, or `calls` of them at `rate` a second. Hangs up after `hangs_up_after` seconds,
    or as drawn between two; None: waits for the other side to. `presses`: digits by INFO before
    that, one in 0.2 s."""

    def __init__(self, folder, number="100", hertz=440, hangs_up_after=None, caller="03012345678",
                 name="caller", port=5060, calls=1, rate=10, presses=""):
        self.folder = folder / f"sipp-{name}"
        self.folder.mkdir()
        tone = self.folder / "tone.alaw"
        tone.write_bytes(alaw_tone(hertz))
        words = {"number": number, "caller": caller}
        ending = IS_HUNG_UP if hangs_up_after is None else HANGS_UP.format(
            pause=self.pause(hangs_up_after), **words)
        ending = "".join(PRESSES.format(milliseconds=200, count=2 + n, digit=digit, **words)
                         for n, digit in enumerate(presses)) + ending
        (self.folder / "scenario.xml").write_text(CALL.format(ending=ending, tone=tone, **words))
        self.process = Process(
            ["sipp", f"{ADDRESS}:5060", "-sf", self.folder / "scenario.xml", "-i", CARRIER,
             "-p", port, "-mi", CARRIER, "-m", calls, "-r", rate, "-nostdin", "-trace_err"],
            self.folder / "log", self.folder)

    @staticmethod
    def pause(seconds):
        if not isinstance(seconds, tuple):
            return f'milliseconds="{int(seconds * 1000)}"'
        least, most = (int(s * 1000) for s in seconds)
        return f'distribution="uniform" min="{least}" max="{most}"'

    def wait(self, seconds=60):
        """SIPp's own verdict: 0 where every call went as its scenario says."""
        return self.process.child.wait(seconds)
