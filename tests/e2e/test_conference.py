"""A caller, an agent and a colleague in one call: each hears the two others, and what becomes of
the rest when one leaves."""
import time
import unittest

from lab.baresip import logged_in
from lab.capture import Capture, heard_at, sip_messages
from lab.exchange import ADDRESS, CARRIER, PHONES, Exchange
from lab.process import wait_for
from lab.sipp import Caller
from lab.sound import mixed_tones, sound_window

CALLER, AGENT, COLLEAGUE = 440, 660, 880


class Conference(unittest.TestCase):
    def setUp(self):
        self.exchange = Exchange(agents=("2101", "2102"))
        self.addCleanup(self.exchange.close)
        self.capture = Capture(self.exchange.folder)

    def phone(self, number, hertz, port, codecs):
        return logged_in(self, number, hertz, port=port, codecs=codecs)

    def test_three_hear_each_other_and_two_go_on(self):
        agent = self.phone("2101", AGENT, 5110, "PCMA/8000/1")
        caller = Caller(self.exchange.folder, hertz=CALLER, hangs_up_after=16)
        agent.answer()
        self.exchange.wait_for_call("talking")
        colleague = self.phone("2102", COLLEAGUE, 5130, "G722/16000/1")
        agent.hold()
        self.exchange.wait_for_call("held")
        agent.dial("2102")
        colleague.answer()
        self.exchange.wait_for_call("consult")
        time.sleep(0.5)
        agent.press("*")
        agent.press("4")
        self.exchange.wait_for_call("conference")
        self.windows = [sound_window()]
        # Neither the daemon's death nor that of the media process parts them.
        self.exchange.kill_daemon()
        self.exchange.start()
        self.windows.append(sound_window())
        self.exchange.media.kill()
        self.exchange.start_media()
        wait_for("the media process to be up",
                 lambda: self.exchange.try_ask("status").get("media") == "up")
        self.windows.append(sound_window())
        agent.hang_up()
        wait_for("the colleague to have the caller", lambda: any(
            c["state"] == "talking" and c["agent"] == "2102" for c in self.exchange.calls()))
        self.last = sound_window()
        self.assertEqual(caller.wait(), 0)
        wait_for("the ledger", lambda: self.exchange.kinds()[-1:] == ["talking"] and
                 len(self.exchange.kinds()) == 8)
        self.assertEqual(self.exchange.kinds(), ["setup", "queued", "ringing", "talking", "held",
                                                 "consult", "conference", "talking"])
        self.exchange.verify()
        self.packets = self.capture.stop()
        self.check()

    def hears(self, where, heard):
        return mixed_tones(heard_at(self.packets, where, *heard), (CALLER, AGENT, COLLEAGUE))

    def check(self):
        messages = list(sip_messages(self.packets))

        def at(host, port, start, index):
            found = [m for m in messages if m.source == (host, port) and m.media_port() and
                     m.start.startswith(start)]
            return host, found[index].media_port()

        caller_at = at(CARRIER, 5060, "INVITE", 0)
        colleague_at = at(PHONES, 5130, "SIP/2.0 200", 0)
        agent_at = at(PHONES, 5110, "INVITE", -1)  # of its calls, the one to the colleague
        for window in self.windows:
            self.assertEqual(self.hears(caller_at, window), {AGENT, COLLEAGUE})
            self.assertEqual(self.hears(agent_at, window), {CALLER, COLLEAGUE})
            self.assertEqual(self.hears(colleague_at, window), {CALLER, AGENT})
        self.assertEqual(self.hears(caller_at, self.last), {COLLEAGUE})
        self.assertEqual(self.hears(colleague_at, self.last), {CALLER})


if __name__ == "__main__":
    unittest.main()
