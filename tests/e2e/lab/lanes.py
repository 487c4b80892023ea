"""Callers' lanes rebuilt from messages and digits alone, as somebody would who only watched the
wire: who called, who was rung, who held whom, who was asked, who got the caller. It shares nothing
with the exchange but its dial plan."""
import re
from collections import namedtuple

from .exchange import ADDRESS

OURS = ((ADDRESS, 5060), (ADDRESS, 5061))
QUEUE, PARK = "100", "*68"
CONNECTED = ("talking", "held", "consult", "conference")
# A state and since when. `cause`: what stood on the wire then; None where the exchange itself did
# it at that time.
State = namedtuple("State", "kind began cause")


def user_of(text):
    """Of the first URI in it."""
    found = re.search(r"sips?:([^@;>]*)@", text)
    return found.group(1) if found else ""


def number_of(user):
    """An agent's, whose phone is called after it; else as it stands."""
    found = re.match(r"desk(\d+)", user)
    return found.group(1) if found else user


class Lane:
    def __init__(self, number, called):
        self.number, self.called = number, called
        self.states = [State("setup", called.time, called)]
        self.ended = None
        self.leg = self.phone = None       # the dialog with the agent who has the caller, and who
        self.consult = self.asked = None   # that agent's call to a colleague, and ours to that one
        self.colleague = None
        self.answered = False              # the colleague has
        self.parked_at = None

    @property
    def kind(self):
        return self.states[-1].kind

    def go(self, kind, m, own=False):
        self.states.append(State(kind, m.time, None if own else m))

    def end(self, m):
        self.ended = State("closed", m.time, m)

    def forget_consult(self):
        self.consult = self.asked = self.colleague = None
        self.answered = False


class Lanes:
    """`digits`: (instant, (address, port) they came from, digit), each pressed once."""

    def __init__(self, messages, digits=()):
        self.all, self.open = [], []
        self.dialogs = {}       # Call-ID: (lane, "caller" | "leg" | "consult" | "asked")
        self.media, self.seen, self.first_cseq = {}, set(), {}
        self.pressed = {}       # by leg
        messages = sorted(messages, key=lambda m: m.time)
        self.finals = {}
        for m in messages:
            if m.status is not None and m.status >= 200:
                self.finals.setdefault((m.call_id, m.headers["cseq"], self.is_ours(m)), m.status)
        digits = list(digits)
        for m in messages:
            while digits and digits[0][0] < m.time:
                self.digit(*digits.pop(0))
            self.take(m)

    @staticmethod
    def is_ours(m):
        """Sent by the exchange."""
        return m.source in OURS

    def final_of(self, m):
        return self.finals.get((m.call_id, m.headers["cseq"], not self.is_ours(m)), 0)

    def take(self, m):
        ours, first = self.is_ours(m), m.start.split()[0]
        if not ours and m.media_port():
            self.media[m.source[0], m.media_port()] = m.call_id
        key = (m.call_id, m.headers["cseq"], m.start if m.status is None else m.status, ours)
        if key in self.seen:
            return  # sent again
        self.seen.add(key)
        begins = first == "INVITE" and ";tag=" not in m.headers["to"]
        if begins and ours:
            return self.called(m)
        if begins:
            return self.calls(m) if self.final_of(m) != 401 else None
        lane, role = self.dialogs.get(m.call_id, (None, None))
        if ours or lane is None or lane.ended:
            return None
        if m.status is not None:
            return self.response(lane, role, m) if m.method == "INVITE" else None
        act = {"INVITE": self.offers, "UPDATE": self.offers, "REFER": self.refers, "BYE": self.ends,
               "CANCEL": self.ends}.get(first)
        return act(lane, role, m) if act else None

    # ---- calls that begin -----------------------------------------------------------------------
    def calls(self, m):
        number = number_of(user_of(m.headers["from"]))
        target = user_of(m.start)
        if target == QUEUE and self.final_of(m) in (200, 487, 0):
            lane = Lane(number, m)
            lane.go("queued", m)
            self.all.append(lane)
            self.open.append(lane)
            self.dialogs[m.call_id] = lane, "caller"
        elif target.startswith(PARK):
            self.fetches(number, target, m)
        else:
            self.asks(number, target, m)

    def fetches(self, number, orbit, m):
        for lane in self.open:
            if not lane.ended and lane.kind == "parked" and lane.parked_at == orbit and \
                    self.final_of(m) == 200:
                lane.go("talking", m)
                lane.leg, lane.phone = m.call_id, number
                self.dialogs[m.call_id] = lane, "leg"

    def asks(self, number, target, m):
        for lane in self.open:
            if not lane.ended and lane.phone == number and lane.kind in ("held", "talking"):
                lane.forget_consult()
                lane.consult, lane.colleague = m.call_id, target
                self.dialogs[m.call_id] = lane, "consult"
                if lane.kind == "held":
                    lane.go("consult", m)

    def called(self, m):
        """By the exchange: an offer, or a colleague who is asked."""
        number, phone = user_of(m.headers["from"]), number_of(user_of(m.start))
        self.first_cseq[m.call_id] = m.headers["cseq"]
        for lane in self.open:
            if lane.ended:
                continue
            if lane.consult and lane.phone == number and lane.colleague == phone:
                lane.asked = m.call_id
                self.dialogs[m.call_id] = lane, "asked"
                return
            if lane.number == number and lane.kind in ("queued", "transferring", "parked"):
                if lane.kind == "queued":
                    lane.go("ringing", m, own=True)
                lane.leg, lane.phone = m.call_id, phone
                self.dialogs[m.call_id] = lane, "leg"
                return

    def response(self, lane, role, m):
        if m.headers["cseq"] != self.first_cseq.get(m.call_id) or m.status < 200:
            return
        if role == "asked":
            lane.answered = m.status == 200
            if m.status >= 300:
                self.consult_ends(lane, m)
        elif role == "leg" and m.call_id == lane.leg:
            if m.status == 200 and lane.kind in ("ringing", "transferring"):
                lane.go("talking", m)
            elif m.status >= 300 and lane.kind == "ringing":
                lane.go("queued", m)

    # ---- within calls ---------------------------------------------------------------------------
    def offers(self, lane, role, m):
        if role != "leg" or m.call_id != lane.leg or self.final_of(m) != 200 or not m.body:
            return
        holds = re.search(r"^a=(sendonly|inactive)|^c=IN IP4 0\.0\.0\.0", m.body, re.M)
        if holds and lane.kind == "talking":
            lane.go("consult" if lane.consult else "held", m)
        elif not holds and lane.kind in ("held", "consult"):
            lane.go("talking", m)

    def refers(self, lane, role, m):
        if self.final_of(m) not in (200, 202) or lane.kind not in CONNECTED:
            return
        target = m.headers.get("refer-to", "")
        if "Replaces=" in target and role in ("leg", "consult"):
            lane.go("talking", m)
            lane.leg, lane.phone = lane.asked, lane.colleague
            self.dialogs[lane.leg] = lane, "leg"
            lane.forget_consult()
        elif role == "leg" and user_of(target).startswith(PARK):
            lane.parked_at = user_of(target)
            lane.go("parked", m)
        elif role == "leg":
            lane.go("transferring", m)

    def ends(self, lane, role, m):
        if role == "caller":
            lane.end(m)
        elif role in ("consult", "asked") and m.call_id in (lane.consult, lane.asked):
            self.consult_ends(lane, m)
        elif role == "leg" and m.call_id == lane.leg:
            if lane.kind == "conference" and lane.asked:
                lane.go("talking", m)
                lane.leg, lane.phone = lane.asked, lane.colleague
                self.dialogs[lane.leg] = lane, "leg"
                lane.forget_consult()
            elif lane.kind in CONNECTED:
                lane.end(m)
            elif lane.kind == "transferring":
                lane.go("transferring", m)

    def consult_ends(self, lane, m):
        if lane.kind == "consult":
            lane.go("held", m)
        elif lane.kind == "conference":
            lane.go("talking", m)
        lane.forget_consult()

    def digit(self, instant, source, digit):
        call_id = self.media.get(source)
        lane, role = self.dialogs.get(call_id, (None, None))
        if lane is None or lane.ended:
            return
        pressed = self.pressed.get(call_id, "") + digit
        self.pressed[call_id] = pressed
        if pressed.endswith("*4") and lane.answered and role in ("leg", "consult"):
            lane.states.append(State("conference", instant, Digit(instant)))
            lane.leg = call_id
            self.dialogs[call_id] = lane, "leg"


class Digit:
    """A cause that is no message."""
    transport = "rtp"

    def __init__(self, instant):
        self.time = instant
