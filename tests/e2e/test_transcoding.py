"""A carrier that speaks A-law alone, and desk phones that do not: everybody hears everybody."""
import time
import unittest

from lab.baresip import logged_in
from lab.capture import Capture, heard_at, rtp_to, sip_messages
from lab.exchange import ADDRESS, CARRIER, PHONES, Exchange
from lab.process import wait_for
from lab.sipp import Caller
from lab.sound import tones

CALLER, OTHER_CALLER, WIDE, OPUS, ULAW = 440, 550, 660, 880, 770
TONES = (CALLER, OTHER_CALLER, WIDE, OPUS, ULAW)


class Transcoding(unittest.TestCase):
    def setUp(self):
        self.exchange = Exchange(agents=("2101", "2102", "2103"))
        self.addCleanup(self.exchange.close)
        self.capture = Capture(self.exchange.folder)

    def phone(self, number, hertz, port, codecs):
        return logged_in(self, number, hertz, port=port, codecs=codecs)

    def call(self, phone, hertz, name, port, calls):
        caller = Caller(self.exchange.folder, hertz=hertz, name=name, port=port)
        phone.answer()
        self.exchange.wait_for_call("talking", calls)
        return caller

    def hears(self, where, since, until, opus=None):
        return set(tones(heard_at(self.packets, where, since, until, opus), TONES))

    def media_of(self, host, sip_port):
        """Where a caller, or a phone that was called, listens."""
        found = next(m for m in self.messages if m.source == (host, sip_port) and m.media_port() and
                     (m.start.startswith("INVITE") if host == CARRIER else m.status == 200))
        return (host, found.media_port()), found

    def test_g722_and_opus_phones_talk_with_an_a_law_carrier(self):
        wide = self.phone("2101", WIDE, 5110, "G722/16000/1")
        caller = self.call(wide, CALLER, "one", 5060, 1)
        opus = self.phone("2102", OPUS, 5130, "opus/48000/2")
        other = self.call(opus, OTHER_CALLER, "two", 5062, 2)
        time.sleep(1)
        talk = time.time()
        time.sleep(1.5)
        talked = time.time()
        opus.press("5")
        ulaw = self.phone("2103", ULAW, 5150, "PCMU/8000/1")
        wide.command("transfer", f"sip:2103@{ADDRESS}:5060")
        ulaw.answer()
        wait_for("the third agent to have the caller", lambda: any(
            c["state"] == "talking" and c["agent"] == "2103" for c in self.exchange.calls()))
        time.sleep(0.7)
        passed = time.time()
        time.sleep(1.2)
        ends = time.time()
        ulaw.hang_up()
        opus.hang_up()
        self.assertEqual((caller.wait(), other.wait()), (0, 0))
        self.packets = self.capture.stop()
        self.messages = list(sip_messages(self.packets))
        self.check(talk, talked, passed, ends)

    def check(self, talk, talked, passed, ends):
        caller_at, _ = self.media_of(CARRIER, 5060)
        other_at, _ = self.media_of(CARRIER, 5062)
        wide_at, _ = self.media_of(PHONES, 5110)
        opus_at, answer = self.media_of(PHONES, 5130)
        ulaw_at, _ = self.media_of(PHONES, 5150)
        number = answer.payload_type("opus/48000/2")
        self.assertIsNotNone(number)
        self.assertEqual(self.hears(caller_at, talk, talked), {WIDE})
        self.assertEqual(self.hears(wide_at, talk, talked), {CALLER})
        self.assertEqual({p.kind for p in rtp_to(self.packets, wide_at, talk, talked)}, {9})
        self.assertEqual(self.hears(other_at, talk, talked), {OPUS})
        self.assertEqual(self.hears(opus_at, talk, talked, number), {OTHER_CALLER})
        self.assertEqual({p.kind for p in rtp_to(self.packets, opus_at, talk, talked)}, {number})
        self.assertEqual(self.hears(caller_at, passed, ends), {ULAW})
        self.assertEqual(self.hears(ulaw_at, passed, ends), {CALLER})
        digits = [p for p in rtp_to(self.packets, other_at, talked, ends) if p.kind == 101]
        self.assertGreaterEqual(len(digits), 3)
        self.assertEqual({p.payload[0] for p in digits}, {5})
        for where in (caller_at, other_at):  # one stream from the first packet to the last
            stream = list(rtp_to(self.packets, where))
            self.assertEqual(len({p.ssrc for p in stream}), 1)
            for before, after in zip(stream, stream[1:]):
                self.assertEqual((after.sequence - before.sequence) & 0xFFFF, 1)


if __name__ == "__main__":
    unittest.main()
