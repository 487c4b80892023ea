"""Agents with real phones who do with callers what agents do: each has a colleague, and goes
through the acts in turn, a caller an act, until told that it is over."""
import threading
import time

from .baresip import Baresip
from .linphone import Linphone

STEP = 6.0  # s that each step of an act may take


class Gone(Exception):
    """The caller has left in the middle of it."""


class Desk:
    """An agent and a colleague beside, at phones of their own."""
    ACTS = ("talk", "hold", "ask", "pass_on", "join", "park", "confer")

    def __init__(self, exchange, agent, colleague, first=0):
        self.exchange, self.agent, self.colleague = exchange, agent, colleague
        self.number, self.other = agent.user[4:], colleague.user[4:]
        self.done = {act: 0 for act in self.ACTS}
        self.left, self.turn, self.over = 0, first, threading.Event()
        self.call = self.consult = None
        self.fault = None
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        try:
            while not self.over.is_set():
                if self.takes_call():
                    self.act()
        except BaseException as fault:  # told when the thread is joined
            self.fault = fault

    def stop(self):
        self.over.set()
        self.thread.join()
        if self.fault:
            raise self.fault

    def act(self):
        act = self.ACTS[self.turn % len(self.ACTS)]
        self.turn += 1
        try:
            self.until("talking", self.number)
            getattr(self, act)()
            self.done[act] += 1
        except Gone:
            self.left += 1
            self.tidy()

    def until(self, states, agent, seconds=STEP):
        """That agent has a caller in that state, or one of those; which."""
        until = time.monotonic() + seconds
        while True:
            for call in self.exchange.calls():
                if call["agent"] == agent and call["state"] in states.split():
                    time.sleep(0.1)  # until the phone knows as well, and a little life
                    return call["state"]
            if time.monotonic() > until:
                raise Gone(f"{agent} is not {states}")
            time.sleep(0.05)

    # ---- acts -----------------------------------------------------------------------------------
    def talk(self):
        self.hang_up()

    def hold(self):
        for _ in range(2):
            self.holds()
            self.until("held", self.number)
            self.resumes()
            self.until("talking", self.number)
        self.hang_up()

    def asks(self):
        self.holds()
        self.until("held", self.number)
        self.dials(self.other)
        self.until("consult", self.number)
        if not self.colleague.saw("CALL_ESTABLISHED", STEP):
            raise Gone("the colleague was not called")
        self.asked()
        time.sleep(0.3)

    def ask(self):
        self.asks()
        self.ends_consult()
        if self.until("held talking", self.number) == "held":  # some phones resume by themselves
            self.resumes()
            self.until("talking", self.number)
        self.hang_up()

    def colleague_ends(self):
        self.until("talking", self.other)
        self.colleague.hang_up()
        self.colleague.saw("CALL_CLOSED", STEP)

    def pass_on(self):
        self.passes_on(self.other)
        self.colleague_ends()

    def join(self):
        self.asks()
        self.joins()
        self.colleague_ends()

    def park(self):
        orbit = f"*68{self.number}"
        self.passes_on(orbit)
        time.sleep(0.4)
        self.colleague.dial(orbit)
        self.colleague_ends()

    def confer(self):
        self.asks()
        self.press("*")
        self.press("4")
        self.until("conference", self.number)
        self.hang_up()
        self.colleague_ends()

    def tidy(self):
        """Nobody talks any more at both phones."""
        for _ in range(3):
            self.colleague.hang_up()
        self.colleague.events.clear()


class BaresipDesk(Desk):
    def takes_call(self):
        if not self.agent.saw("CALL_INCOMING", 0.3):
            return False
        self.agent.command("accept")
        return bool(self.agent.saw("CALL_ESTABLISHED", STEP))

    def holds(self):
        self.agent.hold()

    def resumes(self):
        self.agent.resume()

    def dials(self, number):
        self.agent.dial(number)

    def asked(self):
        self.agent.saw("CALL_ESTABLISHED", STEP)

    def ends_consult(self):
        self.agent.hang_up()

    def passes_on(self, number):
        self.agent.pass_on(number)

    def joins(self):
        self.agent.join(self.other)

    def press(self, digit):
        self.agent.press(digit)

    def hang_up(self):
        self.agent.hang_up()

    def tidy(self):
        for _ in range(3):
            self.agent.hang_up()
        # A call that came meanwhile was refused by it.
        self.agent.events.clear()
        super().tidy()


class LinphoneDesk(Desk):
    def takes_call(self):
        self.consult, self.call = None, self.agent.new_call("IncomingReceived", 0.3)
        return self.call is not None

    def holds(self):
        self.agent.hold(self.call)

    def resumes(self):
        self.agent.resume(self.call)

    def dials(self, number):
        self.agent.dial(number)

    def asked(self):
        self.consult = self.agent.new_call("OutgoingInit", STEP)
        if self.consult is None:
            raise Gone("the phone did not dial")

    def ends_consult(self):
        self.agent.hang_up(self.consult)

    def passes_on(self, number):
        self.agent.command(f"call-transfer {self.call} sip:{number}@{self.agent.server}")

    def joins(self):
        self.agent.command(f"call-transfer {self.call} {self.consult}")

    def press(self, digit):
        self.agent.command(f"dtmf {digit}")
        time.sleep(0.4)

    def hang_up(self):
        """Both, where there are two: a conference is in the one where it was asked for."""
        for call in (self.consult, self.call):
            if call is not None:
                self.agent.hang_up(call)

    def tidy(self):
        self.hang_up()
        super().tidy()


def desks(exchange, agents, linphones, transport="udp"):
    """A desk for each pair of agents; the last so many have linphone. They are logged in, and the
    colleagues paused, so that no caller is offered to them."""
    made = []
    server = {"tls": "192.0.2.1:5061"}.get(transport, "192.0.2.1:5060")
    how = {"server": server, "transport": transport,
           "config": f"sip_cafile {exchange.folder}/certificate.pem"}
    pairs = [agents[i:i + 2] for i in range(0, len(agents), 2)]
    for i, (number, other) in enumerate(pairs):
        port = 5110 + 40 * i
        colleague = Baresip(exchange.folder, f"desk{other}", 880, port=port + 20, manual=False,
                            **how)
        if i < len(pairs) - linphones:
            agent = Baresip(exchange.folder, f"desk{number}", 660, port=port, **how)
            made.append(BaresipDesk(exchange, agent, colleague, i))
        else:
            agent = Linphone(exchange.folder, f"desk{number}", 660, port=port,
                             transport=transport)
            agent.register()
            made.append(LinphoneDesk(exchange, agent, colleague, i))
    for number, other in pairs:
        exchange.wait_for_phone(f"desk{number}")
        exchange.wait_for_phone(f"desk{other}")
        exchange.ask("agent", agent=number, order="log_in")
        exchange.ask("agent", agent=other, order="log_in")
        exchange.ask("agent", agent=other, order="pause")
    return made
