"""People outside in calls of agents: in one conference with the caller, who is then passed on; and
a colleague who is passed on to them. Tones prove who hears whom."""
import unittest

from lab import sipp
from lab.baresip import logged_in
from lab.capture import Capture, heard_at, sip_messages
from lab.exchange import ADDRESS, CARRIER, PHONES, Exchange
from lab.process import Process, wait_for
from lab.sipp import IS_HUNG_UP, Caller
from lab.sound import mixed_tones, sound_window

CALLER, AGENT, COLLEAGUE, OUTSIDER = 440, 660, 880, 550
OUTSIDE_PORT = 5080

TRUNK = f"""
[[trunk]]
name = "carrier"
peers = ["{CARRIER}"]
server = "{CARRIER}:{OUTSIDE_PORT}"
options_every = "0s"
[[class]]
name = "house"
allow = ["0"]
"""
ANSWERS = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="outsider">
<recv request="INVITE"/>
<send retrans="500"><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:];tag=[pid]o[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:outsider@[local_ip]:[local_port]>
Content-Type: application/sdp
Content-Length: [len]

v=0
o=outsider 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000
a=ptime:20
]]></send>
<recv request="ACK"/>
<nop><action><exec rtp_stream="{tone},-1,8"/></action></nop>
{ending}
</scenario>
"""


class Outsider:
    """Answers `calls` calls at once, with a tone, and waits for the other side to hang up."""

    def __init__(self, folder, calls):
        self.folder = folder / "sipp-outsider"
        self.folder.mkdir()
        tone = self.folder / "tone.alaw"
        tone.write_bytes(sipp.alaw_tone(OUTSIDER))
        (self.folder / "scenario.xml").write_text(ANSWERS.format(tone=tone, ending=IS_HUNG_UP))
        self.process = Process(
            ["sipp", "-sf", self.folder / "scenario.xml", "-i", CARRIER, "-p", OUTSIDE_PORT,
             "-mi", CARRIER, "-m", calls, "-nostdin", "-trace_err"],
            self.folder / "log", self.folder)

    def wait(self, seconds=30):
        return self.process.child.wait(seconds)


class Outsiders(unittest.TestCase):
    def setUp(self):
        self.exchange = Exchange(agents=("2101", "2102"), trunks=TRUNK, agent='class = "house"')
        self.addCleanup(self.exchange.close)
        self.capture = Capture(self.exchange.folder)

    def hears(self, where, heard):
        return mixed_tones(heard_at(self.packets, where, *heard),
                           (CALLER, AGENT, COLLEAGUE, OUTSIDER))

    def states(self):
        return sorted(call["state"] for call in self.exchange.calls())

    def test_they_join_and_are_called_for_a_colleague(self):
        agent = logged_in(self, "2101", AGENT, port=5110, codecs="PCMA/8000/1")
        caller = Caller(self.exchange.folder, hertz=CALLER)
        outsider = Outsider(self.exchange.folder, calls=2)
        agent.answer()
        self.exchange.wait_for_call("talking")
        colleague = logged_in(self, "2102", COLLEAGUE, port=5130, codecs="PCMA/8000/1")
        agent.hold()
        self.exchange.wait_for_call("held")
        agent.dial("0305550000")
        wait_for("the outsider", lambda: self.states() == ["consult", "talking"])
        # Told in the call with the outsider: the agent stays in the caller's, and resumes it.
        agent.command("transfer", f"sip:*4@{ADDRESS}:5060")
        wait_for("the conference", lambda: self.states() == ["conference", "conference"])
        agent.command("line", "1")
        agent.resume()
        together = sound_window()
        agent.command("transfer", f"sip:2102@{ADDRESS}:5060")
        colleague.answer()
        wait_for("the caller to be the colleague's", lambda: any(
            c["state"] == "talking" and c["agent"] == "2102" for c in self.exchange.calls()))
        passed = sound_window()
        colleague.hang_up()
        self.assertEqual(caller.wait(), 0)
        self.exchange.wait_for_agent("ready", "2102")
        self.exchange.wait_for_agent("ready", "2101")
        # Without a caller: the colleague is passed on to the outside.
        agent.dial("2102")
        colleague.answer()
        self.exchange.wait_for_agent("internal", "2102")
        agent.command("transfer", f"sip:0305550001@{ADDRESS}:5060")
        wait_for("the second outsider", lambda: self.states() == ["talking"])
        self.exchange.wait_for_agent("ready", "2101")
        outside = sound_window()
        colleague.hang_up()
        self.assertEqual(outsider.wait(), 0)
        self.exchange.wait_for_agent("ready", "2102")
        self.exchange.verify()
        self.packets = self.capture.stop()
        self.check(together, passed, outside)

    def check(self, together, passed, outside):
        messages = list(sip_messages(self.packets))

        def at(host, port, start, index):
            found = [m for m in messages if m.source == (host, port) and m.media_port() and
                     m.start.startswith(start)]
            return host, found[index].media_port()

        caller_at = at(CARRIER, 5060, "INVITE", 0)
        outsider_at = at(CARRIER, OUTSIDE_PORT, "SIP/2.0 200", 0)
        agent_at = at(PHONES, 5110, "SIP/2.0 200", 0)
        self.assertEqual(self.hears(caller_at, together), {AGENT, OUTSIDER})
        self.assertEqual(self.hears(outsider_at, together), {CALLER, AGENT})
        self.assertEqual(self.hears(agent_at, together), {CALLER, OUTSIDER})
        self.assertEqual(self.hears(caller_at, passed), {COLLEAGUE})
        second_at = at(CARRIER, OUTSIDE_PORT, "SIP/2.0 200", -1)
        self.assertEqual(self.hears(second_at, outside), {COLLEAGUE})


if __name__ == "__main__":
    unittest.main()
