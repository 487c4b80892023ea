"""What ends the daemon twice is not tried a third time: a message is refused, a call let go of."""
import threading
import time
import unittest

from lab.baresip import Baresip
from lab.exchange import PROGRAMS, Exchange
from lab.process import wait_for
from lab.sipp import Caller

INVITE, CALL = "0306660001", "0306660002"  # as poison.cpp has them


class Poison(unittest.TestCase):
    def setUp(self):
        self.exchange = Exchange(agents=("2101",), queue='longest_wait = "3s"')
        self.addCleanup(self.exchange.close)
        self.phone = Baresip(self.exchange.folder, "desk2101", 660)
        self.addCleanup(self.phone.stop)
        self.exchange.wait_for_phone()
        self.phone.dial_code("*45")
        self.talker = Caller(self.exchange.folder, name="talker")
        self.phone.answer()
        self.exchange.wait_for_call("talking")
        self.exchange.daemon.stop()
        self.exchange.daemon_program = PROGRAMS / "tests/holdfastd_poisoned"
        self.exchange.start()
        self.deaths, self.over = 0, threading.Event()
        nurse = threading.Thread(target=self.start_again_and_again)
        nurse.start()
        self.addCleanup(nurse.join)
        self.addCleanup(self.over.set)

    def start_again_and_again(self):
        """As systemd would."""
        while not self.over.wait(0.02):
            if not self.exchange.daemon.runs():
                self.deaths += 1
                self.exchange.launch()

    def log(self):
        return self.exchange.daemon.said()

    def end(self):
        """The one who talked all the time can hang up, and the ledger is sound."""
        self.assertEqual(self.deaths, 2)
        self.exchange.wait_for_call("talking")
        self.phone.hang_up()
        self.assertEqual(self.talker.wait(), 0)
        wait_for("nobody to be left", lambda: not self.exchange.calls())
        self.assertEqual(self.deaths, 2)
        self.exchange.verify()

    def test_a_message(self):
        poison = Caller(self.exchange.folder, name="poison", port=5070, caller=INVITE)
        wait_for("two deaths", lambda: self.deaths == 2)
        wait_for("the refusal", lambda: "refused a message that ended the daemon twice" in
                 self.log())
        time.sleep(3)  # SIPp sends it again and again
        poison.process.kill()
        self.end()

    def test_a_call(self):
        poison = Caller(self.exchange.folder, name="poison", port=5070, caller=CALL)
        wait_for("two deaths", lambda: self.deaths == 2)
        self.assertEqual(poison.wait(), 0, "it has got its BYE")
        wait_for("the daemon", lambda: self.exchange.try_ask("status").get("media") == "up")
        self.assertEqual(len(self.exchange.calls()), 1)
        self.end()
        marks = self.exchange.rows("SELECT kind, count(*) AS n FROM mark GROUP BY kind")
        marks = {row["kind"]: row["n"] for row in marks}
        self.assertEqual(marks["dropped_after_crashes"], 1)
        self.assertGreaterEqual(marks["degraded"], 3 * 2, "two calls and an agent, two deaths")
        self.assertIn("is dropped: 2 times within a minute", self.log())


if __name__ == "__main__":
    unittest.main()
