"""linphone as an agent's phone: takes a queued call, talks, holds, resumes and hangs up."""
import time
import unittest

from lab.capture import Capture, heard_at, sip_messages
from lab.exchange import CARRIER, Exchange
from lab.linphone import Linphone
from lab.process import wait_for
from lab.sipp import Caller
from lab.sound import tones


class LinphoneAgent(unittest.TestCase):
    def test_a_queued_call(self):
        exchange = Exchange(music_hertz=330)
        self.addCleanup(exchange.close)
        capture = Capture(exchange.folder)
        phone = Linphone(exchange.folder, "desk2101", 660)
        self.addCleanup(phone.stop)
        phone.register()
        exchange.wait_for_phone()
        phone.dial("*45")
        exchange.wait_for_agent("ready")
        time.sleep(2)  # until the confirmation has been heard and the call is over
        caller = Caller(exchange.folder)
        exchange.wait_for_call("talking")
        call = 2  # linphone counts; the first was the log-in
        phone.play(call)
        talks = time.time()
        time.sleep(2)
        phone.hold(call)
        exchange.wait_for_call("held")
        time.sleep(0.5)
        phone.resume(call)
        exchange.wait_for_call("talking")
        time.sleep(0.3)
        phone.hang_up(call)
        self.assertEqual(caller.wait(), 0)
        wait_for("the ledger", lambda: exchange.kinds()[-1:] == ["talking"])
        self.assertEqual(exchange.kinds(),
                         ["setup", "queued", "ringing", "talking", "held", "talking"])
        exchange.verify()
        packets = capture.stop()
        offer = next(m for m in sip_messages(packets)
                     if m.start.startswith("INVITE") and m.source[0] == CARRIER)
        heard = tones(heard_at(packets, (CARRIER, offer.media_port()), talks + 0.7, talks + 1.9),
                      (440, 660, 330))
        self.assertIn(660, heard)
        self.assertLessEqual(set(heard), {660, None})


if __name__ == "__main__":
    unittest.main()
