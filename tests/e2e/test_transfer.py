"""A caller is passed on by real phones: who hears whom at each step, and what the ledger has."""
import time
import unittest

from lab.baresip import Baresip
from lab.capture import Capture, heard_at, sip_messages
from lab.exchange import CARRIER, PHONES, Exchange
from lab.linphone import Linphone
from lab.process import wait_for
from lab.sipp import Caller
from lab.sound import tones
from lab.wire import at_percent, differences

CALLER, FIRST, SECOND, MUSIC = 440, 660, 880, 330
TONES = (CALLER, FIRST, SECOND, MUSIC)


class Transfer(unittest.TestCase):
    def setUp(self):
        self.exchange = Exchange(agents=("2101", "2102"), music_hertz=MUSIC)
        self.addCleanup(self.exchange.close)
        self.capture = Capture(self.exchange.folder)

    def baresip(self, user, hertz, port, **options):
        phone = Baresip(self.exchange.folder, user, hertz, port=port, **options)
        self.addCleanup(phone.stop)
        self.exchange.wait_for_phone(user)
        return phone

    def linphone(self, user, hertz):
        phone = Linphone(self.exchange.folder, user, hertz)
        self.addCleanup(phone.stop)
        phone.register()
        self.exchange.wait_for_phone(user)
        phone.dial("*45")
        self.exchange.wait_for_agent("ready", user[4:])
        time.sleep(2)  # until the confirmation has been heard and the call is over
        return phone

    def wait_for_agent_of_caller(self, number):
        wait_for(f"agent {number} to talk", lambda: any(
            c["state"] == "talking" and c["agent"] == number for c in self.exchange.calls()))
        time.sleep(0.4)  # the sound follows
        return time.time()

    def settle(self, caller, kinds):
        """The caller hangs up or is hung up; then the ledger is looked at."""
        self.assertEqual(caller.wait(), 0)
        wait_for("the ledger", lambda: self.exchange.kinds()[-1:] == kinds[-1:])
        self.assertEqual(self.exchange.kinds(), kinds)
        self.exchange.verify()
        self.packets = self.capture.stop()
        self.messages = list(sip_messages(self.packets))
        found = differences(self.messages, self.exchange)
        self.assertGreater(len(found), 8)
        self.assertLess(at_percent(found, 99), 0.001, f"the farthest are {found[-3:]}")

    def media_of(self, source, start, index=0):
        """Where a peer listens, from its SDP in the index-th message that begins so."""
        found = [m for m in self.messages if m.source[0] == source and m.start.startswith(start)
                 and m.media_port()]
        return source, found[index].media_port()

    def assert_hears(self, where, window, hertz, why):
        heard = tones(heard_at(self.packets, where, window[0] + 0.3, window[1] - 0.1), TONES)
        self.assertIn(hertz, heard, why)
        self.assertLessEqual(set(heard), {hertz, None}, why)

    def test_linphone_asks_a_colleague_and_passes_the_caller_on(self):
        second = self.baresip("desk2102", SECOND, 5110)
        first = self.linphone("desk2101", FIRST)
        caller = Caller(self.exchange.folder, hertz=CALLER, hangs_up_after=14)
        self.exchange.wait_for_call("talking")
        second.dial_code("*45")
        with_caller, consult = 2, 3  # linphone counts; the first was the log-in
        first.hold(with_caller)
        self.exchange.wait_for_call("held")
        first.dial("2102")
        second.answer()
        self.exchange.wait_for_call("consult")
        time.sleep(0.5)  # until its stream runs
        first.play(consult)
        consults = time.time()
        time.sleep(2)
        passes = time.time()
        first.command(f"call-transfer {with_caller} {consult}")
        talks = self.wait_for_agent_of_caller("2102")
        time.sleep(2)
        ends = time.time()
        self.settle(caller, ["setup", "queued", "ringing", "talking", "held", "consult",
                             "talking"])
        caller_at = self.media_of(CARRIER, "INVITE")
        second_at = next((PHONES, m.media_port()) for m in self.messages
                         if m.source == (PHONES, 5110) and m.status == 200 and
                         m.method == "INVITE")
        self.assert_hears(caller_at, (consults, passes), MUSIC, "the held caller hears music only")
        self.assert_hears(second_at, (consults, passes), FIRST, "the consult is private")
        self.assert_hears(caller_at, (talks, ends), SECOND, "the caller hears who took over")
        self.assert_hears(second_at, (talks, ends), CALLER, "who took over hears the caller")
        self.exchange.wait_for_agent("ready", "2101")

    def test_baresip_passes_the_caller_on_without_a_word(self):
        first = self.baresip("desk2101", FIRST, 5110)
        first.dial_code("*45")
        caller = Caller(self.exchange.folder, hertz=CALLER, hangs_up_after=14)
        first.answer()
        self.exchange.wait_for_call("talking")
        second = self.linphone("desk2102", SECOND)
        first.pass_on("2102")
        talks = self.wait_for_agent_of_caller("2102")
        second.play(2)
        time.sleep(2)
        ends = time.time()
        self.exchange.wait_for_agent("ready", "2101")
        self.settle(caller, ["setup", "queued", "ringing", "talking", "transferring", "talking"])
        caller_at = self.media_of(CARRIER, "INVITE")
        self.assert_hears(caller_at, (talks + 0.5, ends), SECOND, "the caller hears who took over")
        fragments = [m for m in self.messages if m.start.startswith("NOTIFY")
                     and m.headers.get("event", "").startswith("refer")]
        self.assertGreaterEqual(len(fragments), 2)

    def test_baresip_asks_a_colleague_and_passes_the_caller_on(self):
        first = self.baresip("desk2101", FIRST, 5110)
        second = self.baresip("desk2102", SECOND, 5130)
        first.dial_code("*45")
        caller = Caller(self.exchange.folder, hertz=CALLER, hangs_up_after=16)
        first.answer()
        self.exchange.wait_for_call("talking")
        second.dial_code("*45")
        first.hold()
        self.exchange.wait_for_call("held")
        first.dial("2102")
        second.answer()
        self.exchange.wait_for_call("consult")
        first.wait_for_event("CALL_ESTABLISHED")
        time.sleep(1)
        first.join("2102")
        talks = self.wait_for_agent_of_caller("2102")
        time.sleep(2)
        ends = time.time()
        self.settle(caller, ["setup", "queued", "ringing", "talking", "held", "consult",
                             "talking"])
        caller_at = self.media_of(CARRIER, "INVITE")
        self.assert_hears(caller_at, (talks, ends), SECOND, "the caller hears who took over")


if __name__ == "__main__":
    unittest.main()
