"""What stands on a commercial sign is what the floor does, through every fault of line and sign."""
import os
import re
import socket
import threading
import unittest

from lab.alpha_sign import AlphaSign
from lab.exchange import TRUNK, Exchange
from lab.process import wait_for
from lab.sipp import Caller

BOARD = """
[[alarm]]
name = "two"
value = "waiting"
queue = "support"
when = "from 2"
priority = 7
latch = true
text = "TWO CALLERS WAIT"
[[wallboard]]
name = "hall"
driver = "alpha"
{line}
columns = 30
lines = 2
layout = "one_queue"
queues = ["support"]
"""


class Wallboard(unittest.TestCase):
    def start(self, line=None):
        """An exchange whose sign hangs at a pseudo-terminal, and that sign."""
        path = f"/tmp/holdfast-sign-{os.getpid()}-{self._testMethodName}"
        sign = AlphaSign(path)
        self.addCleanup(lambda: sign.pull_out() if sign.reading else None)
        line = line or f'device = "{path}"'
        self.exchange = Exchange(trunks=TRUNK + BOARD.format(line=line))
        self.addCleanup(self.exchange.close)
        return sign

    def wait_for_sign(self, sign, *parts):
        try:
            wait_for(f"{parts} on the sign",
                     lambda: all(part in "\n".join(sign.shown()) for part in parts), 60)
        except AssertionError as vain:
            raise AssertionError(f"{vain}: it has {sign.shown()}, suffered {sign.faults}") from None

    def board(self):
        return self.exchange.ask("boards")[0]

    def call(self, number=1):
        """A caller who waits until somebody hangs up."""
        caller = Caller(self.exchange.folder, name=f"caller{number}", port=5070 + 2 * number)
        self.addCleanup(caller.process.stop)
        self.exchange.wait_for_call("queued", number)

    def hang_up(self):
        for call in self.exchange.calls():
            self.exchange.ask("hang_up", call=call["call"])
        wait_for("all to be gone", lambda: self.exchange.ask("status")["calls"] == 0)

    def test_who_waits_stands_on_the_sign(self):
        sign = self.start()
        self.wait_for_sign(sign, "WAIT   0", "LONG     -", "FREE  0")
        self.assertEqual(sign.done["clear"], 1)
        self.assertEqual(sign.done["configure"], 1)
        self.assertEqual(sign.baud(), 13)  # B9600
        texts = sign.done["text"]
        self.call()
        self.wait_for_sign(sign, "WAIT   1")
        wait_for("the wait to grow", lambda: re.search(r"LONG +0:0[3-9]", sign.shown()[0]), 60)
        self.assertEqual(sign.done["text"], texts, "a change of figures must not blank the sign")
        self.call(2)
        wait_for("the alarm", lambda: sign.shown() == ["TWO CALLERS WAIT"], 60)
        self.hang_up()
        # It latches: it stays until somebody says that it was seen.
        wait_for("the alarm to be over", lambda: not self.alarm()["active"])
        self.assertEqual(sign.shown(), ["TWO CALLERS WAIT"])
        self.exchange.ask("acknowledge", alarm="floor-two")
        self.wait_for_sign(sign, "WAIT   0", "LONG     -")
        self.assertEqual(sign.faults, {})
        self.assertTrue(self.board()["connected"])
        # Its figures are old from now on, and it says so.
        self.exchange.daemon.stop()
        wait_for("the farewell", lambda: sign.shown() == ["NO DATA"])
        self.exchange.start()
        self.wait_for_sign(sign, "WAIT   0")
        self.assertEqual(sign.done["clear"], 1, "a sign that has the layout is not erased again")
        self.assertEqual(sign.faults, {})

    def alarm(self, name="floor-two"):
        return next((a for a in self.exchange.ask("alarms") if a["id"] == name), {"active": False})

    def test_a_plug_that_is_pulled_and_put_back(self):
        sign = self.start()
        self.wait_for_sign(sign, "WAIT   0")
        sign.pull_out()
        wait_for("the daemon to see it", lambda: not self.board()["connected"])
        self.assertIn("sign", self.board()["trouble"])
        wait_for("the alarm", lambda: self.alarm("wallboard-hall")["active"])
        self.assertEqual(self.exchange.ask("status")["boards_up"], 0)
        self.call()
        sign.plug_in()
        self.wait_for_sign(sign, "WAIT   1")
        wait_for("the alarm to be over", lambda: not self.alarm("wallboard-hall")["active"])
        self.assertEqual(sign.faults, {})

    def test_a_sign_behind_a_terminal_server(self):
        """Bytes go through a socket; the server goes away and comes back."""
        sign = self.start('address = "192.0.2.2"\nport = 4001')
        self.assertFalse(self.board()["connected"])
        wait_for("the reason", lambda: "refused" in self.board()["trouble"])
        server = TerminalServer(sign)
        self.addCleanup(server.stop)
        self.wait_for_sign(sign, "WAIT   0")
        server.drop()
        wait_for("the daemon to connect again", lambda: server.connections == 2)
        self.call()
        self.wait_for_sign(sign, "WAIT   1")
        # What was under way when the connection went is cut off, and nothing else.
        self.assertLessEqual(set(sign.faults), {"a packet was cut off", "a packet had no header",
                                                "a packet came too soon after the last"})


class TerminalServer:
    """Passes what comes to port 4001 on to the sign's line."""

    def __init__(self, sign):
        self.line = os.open(sign.path, os.O_RDWR | os.O_NOCTTY)
        self.listener = socket.create_server(("192.0.2.2", 4001))
        self.connection, self.connections = None, 0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        try:
            while True:
                self.connection, _ = self.listener.accept()
                self.connections += 1
                while data := self.connection.recv(4096):
                    os.write(self.line, data)
        except OSError:
            if self.listener.fileno() >= 0:
                self.serve()

    def drop(self):
        self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def stop(self):
        self.listener.close()
        os.close(self.line)


if __name__ == "__main__":
    unittest.main()
