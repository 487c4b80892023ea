"""What stands on commercial signs is what the floor does, through every fault of line and sign.
Three signs at one daemon: one that nothing happens to, one whose plug is pulled, and one behind a
terminal server that goes away."""
import os
import re
import socket
import tempfile
import threading
import unittest

from lab.alpha_sign import AlphaSign
from lab.exchange import TRUNK, Exchange
from lab.process import wait_for
from lab.sipp import Caller

ALARM = """
[[alarm]]
name = "two"
value = "waiting"
queue = "support"
when = "from 2"
priority = 7
latch = true
text = "TWO CALLERS WAIT"
[[layout]]
name = "short"
[[layout.page]]
rows = [[{ text = "WAIT " }, { value = "waiting", queue = "support" },
         { text = " LONG " }, { value = "longest_wait", queue = "support" }],
        [{ text = "FREE " }, { value = "agents_ready", queue = "support", width = 2 }]]
"""
BOARD = """
[[wallboard]]
name = "{name}"
driver = "alpha"
{line}
columns = 30
lines = 2
alarms_from = {alarms_from}
layout = "short"
"""
NOTHING = ("WAIT   0", "LONG     -", "FREE  0")


class Wallboard(unittest.TestCase):
    def setUp(self):
        path = f"{tempfile.gettempdir()}/sign-{os.getpid()}"
        self.signs = {name: AlphaSign(f"{path}-{name}") for name in ("hall", "plug", "remote")}
        lines = {name: f'device = "{sign.path}"' for name, sign in self.signs.items()}
        lines["remote"] = 'address = "192.0.2.2"\nport = 4001'
        for sign in self.signs.values():
            self.addCleanup(lambda sign=sign: sign.pull_out() if sign.reading else None)
        self.server = TerminalServer(self.signs["remote"])
        self.addCleanup(self.server.stop)
        self.exchange = Exchange(trunks=TRUNK + ALARM + "".join(
            BOARD.format(name=name, line=line, alarms_from=5 if name == "hall" else 9)
            for name, line in lines.items()))
        self.addCleanup(self.exchange.close)

    def wait_for_sign(self, name, *parts):
        sign = self.signs[name]
        try:
            wait_for(f"{parts} on the sign {name}",
                     lambda: all(part in "\n".join(sign.shown()) for part in parts), 60)
        except AssertionError as vain:
            raise AssertionError(f"{vain}: it has {sign.shown()}, suffered {sign.faults}") from None

    def wait_for_all(self, *parts):
        for name in self.signs:
            self.wait_for_sign(name, *parts)

    def board(self, name):
        return next(board for board in self.exchange.ask("boards") if board["name"] == name)

    def alarm(self, name):
        return next((a for a in self.exchange.ask("alarms") if a["id"] == name), {"active": False})

    def call(self, number=1):
        """A caller who waits until somebody hangs up."""
        caller = Caller(self.exchange.folder, name=f"caller{number}", port=5070 + 2 * number)
        self.addCleanup(caller.process.stop)
        self.exchange.wait_for_call("queued", number)

    def hang_up(self):
        for call in self.exchange.calls():
            self.exchange.ask("hang_up", call=call["call"])
        wait_for("all to be gone", lambda: self.exchange.ask("status")["calls"] == 0)

    def test_signs(self):
        self.wait_for_all(*NOTHING)
        hall = self.signs["hall"]
        self.assertEqual((hall.done["clear"], hall.done["configure"]), (1, 1))
        self.assertEqual(hall.baud(), 13)  # B9600
        texts = hall.done["text"]

        self.lose_two_lines()
        self.call()
        self.wait_for_sign("hall", "WAIT   1")
        wait_for("the wait to grow", lambda: re.search(
            r"LONG +0:(0[1-9]|[1-5]\d)", hall.shown()[0]), 60)
        self.assertEqual(hall.done["text"], texts, "a change of figures must not blank the sign")
        self.call(2)
        wait_for("the alarm", lambda: hall.shown() == ["TWO CALLERS WAIT"], 60)
        self.exchange.ask("hang_up", call=self.exchange.calls()[1]["call"])
        self.find_two_lines()

        # It latches: it stays until somebody says that it was seen.
        wait_for("the alarm to be over", lambda: not self.alarm("floor-two")["active"])
        self.assertEqual(hall.shown(), ["TWO CALLERS WAIT"])
        self.exchange.ask("acknowledge", alarm="floor-two")
        self.hang_up()
        self.wait_for_all(*NOTHING)
        self.assertEqual((hall.faults, self.signs["plug"].faults), ({}, {}))
        # What was under way when the connection went is cut off, and nothing else.
        self.assertLessEqual(set(self.signs["remote"].faults), {
            "a packet was cut off", "a packet had no header",
            "a packet came too soon after the last"})
        self.end_and_begin(hall)

    def lose_two_lines(self):
        """A plug is pulled and a terminal server goes away."""
        self.signs["plug"].pull_out()
        self.server.go_away()
        wait_for("the daemon to see it", lambda: not self.board("plug")["connected"])
        self.assertIn("sign", self.board("plug")["trouble"])
        wait_for("the alarm", lambda: self.alarm("wallboard-plug")["active"])

    def find_two_lines(self):
        """They show what has happened meanwhile."""
        wait_for("the reason", lambda: "refused" in self.board("remote")["trouble"])
        self.assertEqual(self.exchange.ask("status")["boards_up"], 1)
        self.signs["plug"].plug_in()
        self.server.come_back()
        for name in ("plug", "remote"):
            self.wait_for_sign(name, "WAIT   1")
        wait_for("the alarm to be over", lambda: not self.alarm("wallboard-plug")["active"])
        self.assertEqual(self.server.connections, 2)
        self.assertTrue(all(self.board(name)["connected"] for name in self.signs))

    def end_and_begin(self, hall):
        """Figures are old when the daemon has gone, and the sign says so."""
        self.exchange.daemon.stop()
        wait_for("the farewell", lambda: hall.shown() == ["NO DATA"])
        self.exchange.start()
        self.wait_for_sign("hall", "WAIT   0")
        self.assertEqual(hall.done["clear"], 1, "a sign that has the layout is not erased again")
        self.assertEqual(hall.faults, {})


class TerminalServer:
    """Passes what comes to port 4001 on to the sign's line."""

    def __init__(self, sign):
        self.line = os.open(sign.path, os.O_RDWR | os.O_NOCTTY)
        self.connection, self.connections = None, 0
        self.come_back()

    def come_back(self):
        self.listener = socket.create_server(("192.0.2.2", 4001))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        try:
            self.connection, _ = self.listener.accept()
            self.connections += 1
            while data := self.connection.recv(4096):
                os.write(self.line, data)
        except OSError:
            pass  # we are gone

    def go_away(self):
        self.listener.close()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def stop(self):
        self.go_away()
        os.close(self.line)


if __name__ == "__main__":
    unittest.main()
