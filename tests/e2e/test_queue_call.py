"""A caller on the trunk hears music, reaches an agent's real desk phone, and both hear each other."""
import time
import unittest

from lab.baresip import Baresip
from lab.capture import Capture, heard_at, sip_messages
from lab.exchange import CARRIER, PHONES, Exchange
from lab.sipp import Caller
from lab.sound import tones

CALLER, AGENT, MUSIC = 440, 660, 330


class QueueCall(unittest.TestCase):
    def setUp(self):
        self.exchange = Exchange(music_hertz=MUSIC)
        self.addCleanup(self.exchange.close)
        self.capture = Capture(self.exchange.folder)

    def test_a_caller_waits_and_talks_with_an_agent(self):
        phone = Baresip(self.exchange.folder, "desk2101", AGENT)
        self.addCleanup(phone.stop)
        self.exchange.wait_for_phone()
        caller = Caller(self.exchange.folder, hertz=CALLER)
        self.exchange.wait_for_call("queued")
        time.sleep(3)  # of music, read and encoded meanwhile
        phone.dial_code("*45")
        phone.answer()
        self.exchange.wait_for_call("talking")
        time.sleep(2)
        phone.hang_up()
        self.assertEqual(caller.wait(), 0)
        self.exchange.wait_for_agent("ready")  # after the wrap-up
        packets = self.capture.stop()
        self.check_sound(packets)
        self.check_ledger(list(sip_messages(packets)))
        phone.stop()  # it says goodbye while somebody listens
        self.exchange.replay()

    def check_sound(self, packets):
        messages = list(sip_messages(packets))
        answered = next(m for m in messages if m.method == "INVITE" and m.status == 200
                        and m.source[0] == PHONES)
        ended = next(m for m in messages if m.start.startswith("BYE") and m.source[0] == PHONES)
        offer = next(m for m in messages if m.start.startswith("INVITE")
                     and m.source[0] == CARRIER)
        caller_at = (CARRIER, offer.media_port())
        agent_at = (PHONES, answered.media_port())
        window = (answered.time + 0.3, ended.time - 0.1)
        candidates = (CALLER, AGENT, MUSIC)
        heard = tones(heard_at(packets, caller_at, 0, answered.time), candidates)
        self.assertGreater(heard.count(MUSIC), 4, f"music while waiting, heard {heard}")
        self.assertNotIn(AGENT, heard)
        heard = tones(heard_at(packets, caller_at, *window), candidates)
        self.assertEqual(set(heard), {AGENT}, "the caller hears the agent and nothing else")
        heard = tones(heard_at(packets, agent_at, *window), candidates)
        self.assertEqual(set(heard), {CALLER}, "the agent hears the caller and nothing else")

    def check_ledger(self, messages):
        """Every boundary is where the packets say, each stamped by the kernel once for both."""
        self.exchange.verify()
        self.assertEqual(self.exchange.kinds(), ["setup", "queued", "ringing", "talking"])
        _, queued, ringing, talking = next(iter(self.exchange.segments().values()))
        called = next(m for m in messages if m.start.startswith("INVITE"))
        answered = next(m for m in messages if m.method == "INVITE" and m.status == 200
                        and m.source[0] == PHONES)
        left = next(m for m in messages if m.start.startswith("BYE")
                    and m.call_id == answered.call_id)
        for instant, message in ((queued["began_utc_us"], called),
                                 (talking["began_utc_us"], answered),
                                 (talking["began_utc_us"] + talking["ended_us"] -
                                  talking["began_us"], left)):
            self.assertLess(abs(instant / 1e6 - message.time), 0.001, message.start)
        self.assertEqual(queued["ended_us"], ringing["began_us"])
        self.assertEqual(ringing["ended_us"], talking["began_us"])


if __name__ == "__main__":
    unittest.main()
