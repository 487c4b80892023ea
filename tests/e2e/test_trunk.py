"""A trunk that registers with digest at its provider: callers come in on it, agents call out."""
import time
import unittest

from lab.baresip import Baresip
from lab.exchange import CARRIER, Exchange
from lab.process import wait_for
from lab.provider import Provider
from lab.sipp import Caller

TRUNK = """
[[trunk]]
name = "provider"
register = true
server = "192.0.2.3:5060"
user = "0309999"
auth_user = "customer"
password = "trunk-secret"
realm = "provider.example"
options_every = "0s"
[[class]]
name = "house"
allow = ["0"]
trunks = ["provider"]
"""


class Trunk(unittest.TestCase):
    def setUp(self):
        self.provider = Provider(CARRIER, 5060, "customer", "trunk-secret")
        self.exchange = Exchange(trunks=TRUNK, agent='class = "house"')
        self.addCleanup(self.exchange.close)
        wait_for("the trunk to register", lambda: self.provider.registered)

    def test_calls_in_and_out(self):
        self.assertEqual(self.provider.wrong, 0)
        phone = Baresip(self.exchange.folder, "desk2101", 660)
        self.addCleanup(phone.stop)
        self.exchange.wait_for_phone()
        phone.dial_code("*45")
        caller = Caller(self.exchange.folder, port=5070)
        phone.answer()
        phone.hang_up()
        self.assertEqual(caller.wait(), 0)

        self.exchange.wait_for_agent("ready")
        phone.events.clear()
        phone.dial("03055555")
        wait_for("the call at the provider", lambda: self.provider.called)
        phone.wait_for_event("CALL_ESTABLISHED")
        self.assertIn("INVITE sip:03055555@192.0.2.3", self.provider.called[0])
        time.sleep(0.5)
        phone.hang_up()
        wait_for("the call's end at the provider", lambda: self.provider.ended)
        self.assertEqual(self.provider.wrong, 0)
        self.exchange.wait_for_agent("ready")
        self.exchange.verify()


if __name__ == "__main__":
    unittest.main()
