"""INVITE with Replaces (RFC 3891): a colleague's call is picked up, ringing or answered, and nobody
takes what is not theirs."""
import time
import unittest

from lab.exchange import CARRIER, PHONES, TRUNK, Exchange
from lab.odd_phones import (OddPhone, calls, calls_in, hung_up, is_called, registers,
                            rings_until_cancelled)
from lab.process import wait_for
from lab.sipp import Caller

FIRST, SECOND, OTHER, NOBODY = (("desk2101", 5070), ("desk2102", 5072), ("desk2104", 5074),
                                ("desk2105", 5076))
MORE = """
[[queue]]
name = "other"
numbers = ["200"]
[[phone]]
name = "desk2104"
password = "correct-horse"
[[agent]]
number = "2104"
phone = "desk2104"
queues = ["other"]
[[phone]]
name = "desk2105"
password = "correct-horse"
"""


def replaces(dialog, swapped=False, more=""):
    """RFC 3891 3: the to-tag is the one of who gets the INVITE. Some phones see it from theirs."""
    call_id, ours, theirs = dialog
    tags = (theirs, ours) if swapped else (ours, theirs)
    return f"Replaces: {call_id};to-tag={tags[0]};from-tag={tags[1]}{more}\n"


def wrong(dialog):
    return replaces((dialog[0], dialog[1] + "x", dialog[2]))


# Who must not, with what, and the answer: at a phone that rings and at one that talks.
REFUSED = [
    ("a tag is wrong", SECOND, wrong, 481),
    ("it cannot be read", SECOND, lambda d: "Replaces: ;;;\n", 400),
    ("the agent serves another queue", OTHER, replaces, 403),
    ("nobody is logged in there", NOBODY, replaces, 403),
]


class Replaces(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.exchange = Exchange(agents=("2101", "2102"), trunks=TRUNK + MORE, wrap_up="0s",
                                registrar='options_every = "0s"')
        cls.addClassCleanup(cls.exchange.close)
        cls.count = 0
        phones = [cls.phone(who, registers(who[0])) for who in (FIRST, SECOND, OTHER, NOBODY)]
        for phone in phones:
            assert phone.wait() == 0, phone.trouble()
        for number in ("2101", "2102", "2104"):
            cls.exchange.ask("agent", agent=number, order="log_in")
        cls.exchange.ask("agent", agent="2102", order="pause")

    @classmethod
    def phone(cls, who, scenario, address=PHONES, calls_to=None):
        cls.count += 1
        phone = OddPhone(cls.exchange.folder, f"{who[0]}-{cls.count}", who[1], scenario, address,
                         calls_to)
        cls.addClassCleanup(phone.process.kill)
        return phone

    def ends_well(self, *phones):
        for phone in phones:
            self.assertEqual(phone.wait(), 0, phone.trouble())

    def caller(self, **how):
        type(self).count += 1
        return Caller(self.exchange.folder, name=f"caller{self.count}", port=5060,
                      caller=f"0307{self.count:06}", **how)

    def refusals(self, dialog, more=()):
        for what, who, field, status in (*REFUSED, *more):
            with self.subTest(what, status=status):
                self.ends_well(self.phone(who, calls(who[0], "x", field(dialog), status),
                                          calls_to="x"))
        with self.subTest("a caller tries"):
            self.ends_well(self.phone(("carrier", 5064), calls_in("100", replaces(dialog), 403),
                                      CARRIER))

    def pick_up(self, dialog, swapped, more=""):
        return self.phone(SECOND, calls(SECOND[0], "x", replaces(dialog, swapped, more)) +
                          hung_up(), calls_to="x")

    def wait_for_second(self):
        wait_for("the second agent to have the caller", lambda: any(
            c["state"] == "talking" and c["agent"] == "2102" for c in self.exchange.calls()))

    def last_kinds(self):
        lanes = self.exchange.segments()
        return [s["kind"] for s in lanes[max(lanes)]] if lanes else []

    def test_a_phone_that_rings(self):
        for swapped, more in ((False, ""), (True, ";early-only")):
            with self.subTest(swapped=swapped):
                rings = self.phone(FIRST, rings_until_cancelled(FIRST[0]))
                time.sleep(0.2)
                caller = self.caller(hangs_up_after=4 if not swapped else 2)
                dialog = rings.dialog()
                if not swapped:
                    self.refusals(dialog)
                # Who is ready may pick up what rings elsewhere; the caller is offered once.
                self.exchange.ask("agent", agent="2102", order="ready")
                second = self.pick_up(dialog, swapped, more)
                self.wait_for_second()
                self.ends_well(rings)
                self.assertEqual(caller.wait(), 0)
                self.ends_well(second)
                self.exchange.ask("agent", agent="2102", order="pause")
                wait_for("the ledger", lambda: self.last_kinds() == [
                    "setup", "queued", "ringing", "talking"])
                self.exchange.wait_for_agent("ready", "2101")
        self.exchange.verify()

    def test_a_phone_that_talks(self):
        early = ("it is early no more", SECOND, lambda d: replaces(d, more=";early-only"), 486)
        for swapped in (False, True):
            with self.subTest(swapped=swapped):
                talks = self.phone(FIRST, is_called(FIRST[0]) + hung_up())
                time.sleep(0.2)
                caller = self.caller(hangs_up_after=4 if not swapped else 2)
                dialog = talks.dialog()
                self.exchange.wait_for_call("talking")
                if not swapped:
                    self.refusals(dialog, [early])
                second = self.pick_up(dialog, swapped)
                self.wait_for_second()
                self.ends_well(talks)
                self.assertEqual(caller.wait(), 0)
                self.ends_well(second)
                wait_for("the ledger", lambda: self.last_kinds() == [
                    "setup", "queued", "ringing", "talking", "talking"])
                self.exchange.wait_for_agent("ready", "2101")
        self.exchange.verify()


if __name__ == "__main__":
    unittest.main()
