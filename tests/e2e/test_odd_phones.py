"""Phones that keep to the letter of few RFCs: each passes a caller, or a colleague, on in its way.
Meanwhile the daemon is stopped for 200 ms again and again, and what the ledger has is compared with
the wire."""
import random
import signal
import threading
import time
import unittest

from lab.capture import Capture, sip_messages
from lab.exchange import ADDRESS, CARRIER, PHONES, TRUNK, Exchange
from lab.odd_phones import (Dialog, OddPhone, called_in_assured, calls, hung_up, is_called,
                            is_called_assured, pause, registers, respond, sdp, take)
from lab.process import wait_for
from lab.sipp import Caller
from lab.wire import at_percent, differences

FIRST, SECOND, THIRD = ("desk2101", 5070), ("desk2102", 5072), ("desk2103", 5074)
TARGET = f"<sip:2102@{ADDRESS}>"
CLASS = """
[[class]]
name = "house"
allow = ["0"]
"""
NOTIFIED = take("NOTIFY") + respond(200)
EVENT = '<Reference variables="event"/>\n'
PASSED = ["setup", "queued", "ringing", "talking", "transferring", "talking"]


def holds_by_zero_address(dialog):
    """RFC 2543 B.5, and no direction says so."""
    return (dialog.reinvite(sdp(2, "0.0.0.0")) + dialog.refer(TARGET) + take(202) + 3 * NOTIFIED +
            hung_up())


def notified_of(event):
    """A NOTIFY of that event package and id, and no other."""
    return ('<recv request="NOTIFY"><action><ereg search_in="hdr" header="Event:" check_it="true" '
            f'regexp="^ *{event} *$" assign_to="event"/></action></recv>\n' + respond(200))


def answers_302(user):
    return (take("INVITE") +
            respond(302, f"Contact: <sip:{user}@192.0.2.77>\n").replace(
                "[last_To:]", "[last_To:];tag=[pid]o[call_number]") + take("ACK"))


# How the phone passes the caller on, and what the caller's lane is then; and what becomes of the
# other phone, where it does not take the caller.
WAYS = {
    "hangs up when it is told 200, behind our BYE": (lambda d: (
        d.refer(TARGET) + take(202) + 3 * NOTIFIED + hung_up() + d.request("BYE") + take(481)),
        PASSED),
    "wants no NOTIFY": (lambda d: (
        d.refer(TARGET, "Refer-Sub: false\n") + take(202) + hung_up()), PASSED),
    "hangs up straight after REFER": (lambda d: (
        d.refer(TARGET, "Refer-Sub: false\n") + take(202) + d.request("BYE") + take(200)),
        PASSED[:4] + ["transferring"] + PASSED[4:]),
    "holds by a zero address": (
        holds_by_zero_address, PASSED[:4] + ["held"] + PASSED[4:]),
    "names the method": (lambda d: (
        d.refer(f"<sip:2102@{ADDRESS};method=INVITE>") + take(202) + 3 * NOTIFIED + hung_up()),
        PASSED),
    "carries header fields in the URI": (lambda d: (
        d.refer(f"<sip:2102@{ADDRESS}?Subject=a%20case&X-Case=4711>") + take(202) +
        3 * NOTIFIED + hung_up()), PASSED),
    "names another method first": (lambda d: (
        d.refer(f"<sip:2102@{ADDRESS};method=BYE>") + take(400) + d.refer(TARGET) + take(202) +
        3 * NOTIFIED + hung_up()), PASSED),
    "asks twice": (lambda d: (
        d.refer("<sip:2109@nowhere>") + take(202) + notified_of("refer") + d.refer(TARGET) +
        take(202) + 3 * notified_of("refer;id=3") + hung_up() + EVENT), PASSED),
    "has the caller back from a phone that answers 302": (lambda d: (
        d.refer(TARGET) + take(202) + 2 * NOTIFIED + hung_up()), PASSED, answers_302),
}


class OddPhones(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.exchange = Exchange(agents=("2101", "2102", "2103"), trunks=TRUNK + CLASS,
                                agent='class = "house"', wrap_up="0s",
                                queue='answer = "on_agent"',
                                registrar='options_every = "0s"')  # nobody is there between calls
        cls.addClassCleanup(cls.exchange.close)
        phones = [cls.phone("registers", who, registers(who[0])) for who in (FIRST, SECOND, THIRD)]
        for phone in phones:
            assert phone.wait() == 0, phone.trouble()
        for number in ("2101", "2102", "2103"):
            cls.exchange.ask("agent", agent=number, order="log_in")
        for number in ("2102", "2103"):  # callers of the queue are the first one's
            cls.exchange.ask("agent", agent=number, order="pause")

        cls.capture = Capture(cls.exchange.folder, "udp port 5060")
        cls.over = threading.Event()
        cls.stopping = threading.Thread(target=cls.stop_again_and_again)
        cls.stopping.start()
        cls.addClassCleanup(cls.stop_no_more)

    @classmethod
    def stop_again_and_again(cls):
        chance = random.Random(11)
        while not cls.over.wait(chance.uniform(0.2, 1.2)):
            cls.exchange.daemon.send(signal.SIGSTOP)
            time.sleep(0.2)
            cls.exchange.daemon.send(signal.SIGCONT)

    @classmethod
    def stop_no_more(cls):
        cls.over.set()
        cls.stopping.join()

    @classmethod
    def phone(cls, what, who, scenario, address=PHONES, calls_to=None):
        name = f"{what} {who[0]}".replace(" ", "-")
        phone = OddPhone(cls.exchange.folder, name, who[1], scenario, address, calls_to)
        cls.addClassCleanup(phone.process.kill)
        return phone

    def ends_well(self, *phones):
        for phone in phones:
            self.assertEqual(phone.wait(), 0, phone.trouble())

    def kinds_of(self, number):
        rows = self.exchange.rows("SELECT journey FROM journey JOIN person USING (row) "
                                  "WHERE number = ?", number)
        return [s["kind"] for s in self.exchange.segments().get(rows[0]["journey"], [])] \
            if rows else []

    def test_a_caller_is_passed_on(self):
        for index, (what, (way, kinds, *other)) in enumerate(WAYS.items()):
            with self.subTest(what):
                number = f"0301234{index:03}"
                first = self.phone(what, FIRST, is_called(FIRST[0]) + pause(200) +
                                   way(Dialog(FIRST[0])))
                takes = other[0](SECOND[0]) if other else is_called(SECOND[0], 200) + hung_up()
                second = self.phone(what, SECOND, takes)
                time.sleep(0.2)  # until both listen
                caller = Caller(self.exchange.folder, caller=number, hangs_up_after=1.5,
                                name=f"caller{index}", port=5060)
                self.assertEqual(caller.wait(), 0)
                self.ends_well(first, second)
                wait_for("the ledger", lambda: len(self.kinds_of(number)) >= len(kinds))
                self.assertEqual(self.kinds_of(number), kinds)
                self.exchange.wait_for_agent("ready", "2101")
        self.exchange.verify()

    def test_a_colleague_is_passed_on_whose_phone_takes_no_offer(self):
        """The one who stays is told by re-INVITE who is there now, and refuses to hear of it."""
        for status in (488, 500, 491):
            with self.subTest(status=status):
                again = take("INVITE") + respond(200, body=sdp()) + take("ACK") \
                    if status == 491 else ""
                stays = self.phone(f"answers {status}", SECOND,
                                   is_called(SECOND[0]) + take("INVITE") + respond(status) +
                                   take("ACK") + again + hung_up())
                third = self.phone(f"third {status}", THIRD, is_called(THIRD[0], 200) +
                                   pause(5000 if status == 491 else 400) +
                                   Dialog(THIRD[0]).request("BYE") + take(200))
                time.sleep(0.2)
                dialog = Dialog(FIRST[0],
                                us=f" <sip:{FIRST[0]}@[remote_ip]>;tag=[pid]c[call_number]",
                                them=" <sip:2102@[remote_ip]>[peer_tag_param]", first=2)
                sends = self.phone(f"sends {status}", FIRST, calls(FIRST[0], "2102") + pause(200) +
                                   dialog.refer(f"<sip:2103@{ADDRESS}>") + take(202) +
                                   3 * NOTIFIED + hung_up(), calls_to="2102")
                self.ends_well(sends, third, stays)
                self.exchange.wait_for_agent("ready", "2101")
        self.exchange.verify()


    def test_provisional_responses_that_must_arrive(self):
        with self.subTest("of ours, to a caller"):
            first = self.phone("answers", FIRST, is_called(FIRST[0], 300) + hung_up())
            caller = self.phone("calls in", ("carrier", 5060), called_in_assured("100"), CARRIER)
            self.ends_well(caller, first)
        with self.subTest("of the carrier, to an agent"):
            carrier = self.phone("is called", ("carrier", 5060), is_called_assured(), CARRIER)
            dialog = Dialog(FIRST[0], us=f" <sip:{FIRST[0]}@[remote_ip]>;tag=[pid]c[call_number]",
                            them=" <sip:03055@[remote_ip]>[peer_tag_param]", first=2)
            time.sleep(0.2)
            agent = self.phone("dials", FIRST, calls(FIRST[0], "03055") + pause(300) +
                               dialog.request("BYE") + take(200), calls_to="03055")
            self.ends_well(agent, carrier)
        self.exchange.verify()

    def test_what_the_ledger_has_is_on_the_wire(self):
        """The last one, by its name: of all calls before."""
        self.stop_no_more()
        wait_for("everybody to have gone", lambda: not self.exchange.calls())
        found = differences(list(sip_messages(self.capture.stop())), self.exchange)
        print(f"{len(found)} boundaries; 99 of 100 within {at_percent(found, 99) * 1e6:.0f} us")
        self.assertGreater(len(found), 40)
        self.assertLess(at_percent(found, 99), 0.001, f"the farthest are {found[-5:]}")


if __name__ == "__main__":
    unittest.main()
