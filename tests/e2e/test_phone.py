"""What an agent does at a real desk phone: hold and resume, digits, going away without a word; over
UDP, TCP and TLS."""
import time
import unittest

from lab.baresip import Baresip
from lab.capture import Capture, heard_at, rtp_to, sip_messages
from lab.exchange import ADDRESS, CARRIER, PHONES, Exchange
from lab.process import wait_for
from lab.sipp import Caller
from lab.sound import tones

CALLER, AGENT, MUSIC = 440, 660, 330


class Phone(unittest.TestCase):
    def start(self, **sections):
        self.exchange = Exchange(music_hertz=MUSIC, **sections)
        self.addCleanup(self.exchange.close)

    def log_in(self, **options):
        phone = Baresip(self.exchange.folder, "desk2101", AGENT, **options)
        self.addCleanup(phone.stop)
        self.exchange.wait_for_phone()
        phone.dial_code("*45")
        self.exchange.wait_for_agent("ready")
        return phone

    def talk(self, phone, **options):
        caller = Caller(self.exchange.folder, hertz=CALLER, **options)
        phone.answer()
        self.exchange.wait_for_call("talking")
        return caller

    def test_hold_plays_music_to_the_caller_and_is_a_segment(self):
        self.start()
        capture = Capture(self.exchange.folder)
        phone = self.log_in()
        caller = self.talk(phone)
        time.sleep(1)
        phone.hold()
        self.exchange.wait_for_call("held")
        held = time.time()
        time.sleep(2)
        resumed = time.time()
        phone.resume()
        self.exchange.wait_for_call("talking")
        time.sleep(1.2)
        phone.hang_up()
        self.assertEqual(caller.wait(), 0)
        wait_for("the ledger", lambda: self.exchange.kinds()[-1:] == ["talking"])
        self.assertEqual(self.exchange.kinds(),
                         ["setup", "queued", "ringing", "talking", "held", "talking"])
        self.exchange.verify()
        packets = capture.stop()
        messages = list(sip_messages(packets))
        offer = next(m for m in messages if m.start.startswith("INVITE") and m.source[0] == CARRIER)
        heard = tones(heard_at(packets, (CARRIER, offer.media_port()), held + 0.2, resumed - 0.1),
                      (CALLER, AGENT, MUSIC))
        self.assertEqual(set(heard), {MUSIC}, "the held caller hears music only")
        to_carrier = [m for m in messages if m.target[0] == CARRIER and m.start.startswith("INVITE")]
        self.assertEqual(to_carrier, [], "the trunk sees no hold")

    def test_digits_reach_the_caller(self):
        self.start()
        capture = Capture(self.exchange.folder)
        phone = self.log_in()
        caller = self.talk(phone)
        time.sleep(0.5)
        for digit in "159":
            phone.press(digit)
            time.sleep(0.3)
        time.sleep(0.5)
        phone.hang_up()
        self.assertEqual(caller.wait(), 0)
        packets = capture.stop()
        offer = next(m for m in sip_messages(packets)
                     if m.start.startswith("INVITE") and m.source[0] == CARRIER)
        events = {}  # by RTP timestamp: one event, sent several times (RFC 4733)
        for packet in rtp_to(packets, (CARRIER, offer.media_port())):
            if packet.kind == 101:
                events[packet.stamp] = packet.payload[0]
        self.assertEqual(list(events.values()), [1, 5, 9])

    def test_masked_digits_reach_nobody(self):
        self.start()
        capture = Capture(self.exchange.folder)
        phone = self.log_in()
        caller = self.talk(phone, presses="7" * 40, hangs_up_after=1)

        def say_so():
            phone.press("*")
            phone.press("6")
        time.sleep(1)
        say_so()
        time.sleep(0.5)
        masked = time.time()
        time.sleep(2)
        ends = time.time()
        say_so()
        self.assertEqual(caller.wait(), 0)
        wait_for("the ledger", lambda: self.exchange.kinds()[-1:] == ["talking"])
        mark, = self.exchange.marks("digits_masked")
        self.assertGreaterEqual(mark["digits"], 5)
        packets = capture.stop()
        answer = next(m for m in sip_messages(packets) if m.source[0] == PHONES
                      and m.status == 200 and m.method == "INVITE")
        pressed = {}  # by RTP timestamp: one event, sent several times (RFC 4733)
        for packet in rtp_to(packets, (PHONES, answer.media_port())):
            if packet.kind == 101 and packet.payload[0] == 7:
                pressed.setdefault(packet.stamp, packet.time)
        times = list(pressed.values())
        self.assertEqual([t for t in times if masked < t < ends], [], "no digit reaches the phone")
        self.assertTrue([t for t in times if t < masked] and [t for t in times if t > ends])
        self.exchange.verify()
        self.exchange.replay()
        box = (self.exchange.folder / "state/black-box").read_bytes()
        self.assertEqual(box.count(b"Signal=0"), mark["digits"])
        self.assertGreater(box.count(b"Signal=7"), 0)
        self.assertEqual(len(times) + mark["digits"], 40)

    def test_a_muted_phone_is_a_mark_in_the_talk(self):
        self.start()
        phone = self.log_in()
        caller = self.talk(phone)
        time.sleep(5.5)  # the tone has counted as a voice, and then as the sound of the room
        muted = time.time()
        phone.mute()
        time.sleep(3)
        phone.mute()
        opened = time.time()
        time.sleep(1)
        phone.hang_up()
        self.assertEqual(caller.wait(), 0)
        wait_for("the ledger", lambda: self.exchange.kinds()[-1:] == ["talking"])
        self.assertEqual(self.exchange.kinds(), ["setup", "queued", "ringing", "talking"])
        mark, = self.exchange.marks("muted")
        self.assertAlmostEqual(mark["began"], muted, delta=0.5)
        self.assertAlmostEqual(mark["ended"], opened, delta=0.5)
        self.assertEqual(self.exchange.marks("mute_unseen"), [])
        self.exchange.verify()

    def test_a_phone_that_dies_is_not_rung_for_ever(self):
        self.start(queue='ring_time = "3s"')
        phone = self.log_in()
        phone.kill()
        caller = Caller(self.exchange.folder, hertz=CALLER, hangs_up_after=6)
        self.exchange.wait_for_agent("unreachable")
        self.assertEqual(caller.wait(), 0)
        self.assertNotIn("talking", self.exchange.kinds())
        self.exchange.verify()

    def take_a_call_over(self, transport, server):
        self.start()
        phone = self.log_in(
            transport=transport, server=server,
            config=f"sip_cafile {self.exchange.folder}/certificate.pem")
        registered = next(p for p in self.exchange.ask("phones") if p["name"] == "desk2101")
        self.assertEqual(registered["transport"].lower(), transport)
        caller = self.talk(phone)
        phone.hang_up()
        self.assertEqual(caller.wait(), 0)
        self.assertEqual(self.exchange.kinds(), ["setup", "queued", "ringing", "talking"])
        self.exchange.verify()

    def test_tcp(self):
        self.take_a_call_over("tcp", f"{ADDRESS}:5060")

    def test_tls(self):
        self.take_a_call_over("tls", f"{ADDRESS}:5061")


if __name__ == "__main__":
    unittest.main()
