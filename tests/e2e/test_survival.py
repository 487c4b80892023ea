"""kill -9 of the daemon with callers waiting and one talking: it is back, and so is everybody."""
import time
import unittest

from lab.baresip import Baresip
from lab.capture import Capture, rtp_to, sip_messages
from lab.exchange import CARRIER, PHONES, Exchange
from lab.process import wait_for
from lab.sipp import Caller


class Survival(unittest.TestCase):
    def setUp(self):
        self.exchange = Exchange(agents=("2101", "2102"))
        self.addCleanup(self.exchange.close)
        self.phone = Baresip(self.exchange.folder, "desk2101", 660)
        self.addCleanup(self.phone.stop)
        self.exchange.wait_for_phone()
        self.phone.dial_code("*45")
        self.capture = Capture(self.exchange.folder)

    def test_a_call_goes_on_over_the_daemons_death(self):
        talker = Caller(self.exchange.folder, name="talker")
        self.phone.answer()
        self.exchange.wait_for_call("talking")
        waiter = Caller(self.exchange.folder, name="waiter", port=5070, caller="0307777777")
        self.exchange.wait_for_call("queued")
        before = {call["call"]: call for call in self.exchange.calls()}

        killed = time.time()
        self.exchange.kill_daemon()
        self.exchange.start()
        back = time.time()
        after = {call["call"]: call for call in self.exchange.calls()}
        self.assertEqual(set(before), set(after), "the same calls are there")
        for number, call in before.items():
            self.assertEqual(call["state"], after[number]["state"])
            self.assertGreaterEqual(after[number]["since_entry_s"], call["since_entry_s"],
                                    "waiting goes on from the first entry")
        time.sleep(1)
        self.phone.hang_up()  # a BYE in a dialog of the last life
        self.assertEqual(talker.wait(), 0)
        self.phone.answer()  # the one who waited
        time.sleep(0.5)
        self.phone.hang_up()
        self.assertEqual(waiter.wait(), 0)
        wait_for("nobody to be left", lambda: not self.exchange.calls())
        self.exchange.verify()
        self.check_sound(self.capture.stop(), killed, back)

    def test_a_phone_on_tcp_takes_its_call_along(self):
        self.phone.stop()
        phone = Baresip(self.exchange.folder, "desk2102", 660, port=5130, transport="tcp",
                        registers_every=10)
        self.addCleanup(phone.stop)
        self.exchange.wait_for_phone("desk2102")
        phone.dial_code("*45")
        caller = Caller(self.exchange.folder, hangs_up_after=4)
        phone.answer()
        self.exchange.wait_for_call("talking")
        self.exchange.kill_daemon()
        self.exchange.start()
        self.assertEqual(caller.wait(), 0)
        phone.wait_for_event("CALL_CLOSED")  # the BYE came by the phone's new connection
        wait_for("nobody to be left", lambda: not self.exchange.calls())
        self.exchange.verify()

    def test_sound_comes_back_after_the_media_process_died(self):
        caller = Caller(self.exchange.folder)
        self.phone.answer()
        self.exchange.wait_for_call("talking")
        time.sleep(0.5)
        self.exchange.media.kill()
        died = time.time()
        self.exchange.start_media()
        wait_for("the media process to be up",
                 lambda: self.exchange.ask("status")["media"] == "up")
        time.sleep(1.5)
        self.assertEqual([c["state"] for c in self.exchange.calls()], ["talking"])
        self.phone.hang_up()
        self.assertEqual(caller.wait(), 0)
        self.exchange.verify()
        packets = self.capture.stop()
        for target in self.ends_of_the_sound(packets):
            before = {p.source for p in packets if p.target == target and p.time < died}
            times = [p.time for p in rtp_to(packets, target, died + 0.05)]
            after = {p.source for p in packets if p.target == target and p.time > died + 0.05}
            self.assertEqual(before, after, "from the same port as before")
            self.assertGreater(len(times), 40, "sound goes on")

    @staticmethod
    def ends_of_the_sound(packets):
        """Where the caller and the agent's phone listen."""
        messages = list(sip_messages(packets))
        offer = next(m for m in messages if m.start.startswith("INVITE") and m.source[0] == CARRIER)
        answer = next(m for m in messages if m.method == "INVITE" and m.status == 200
                      and m.source[0] == PHONES)
        return (CARRIER, offer.media_port()), (PHONES, answer.media_port())

    def check_sound(self, packets, killed, back):
        """Both directions at full rate while the daemon was dead."""
        for target in self.ends_of_the_sound(packets):
            times = [p.time for p in rtp_to(packets, target, killed - 0.5, back + 0.5)]
            gaps = [b - a for a, b in zip(times, times[1:])]
            self.assertGreater(len(times), 45 * (times[-1] - times[0]), "50 packets a second")
            self.assertLess(max(gaps), 0.2, f"sound to {target} never stopped")


if __name__ == "__main__":
    unittest.main()
