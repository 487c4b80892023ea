"""What a supervisor orders with the program `holdfast`, and what callers then hear of it."""
import socket
import subprocess
import unittest

from lab.exchange import ADDRESS, CARRIER, PROGRAMS, Exchange
from lab.process import wait_for

INVITE = ("INVITE sip:100@{to} SIP/2.0\r\nVia: SIP/2.0/UDP {at}:{port};branch=z9hG4bK{n}\r\n"
          "From: <sip:0301234567@{at}>;tag={n}\r\nTo: <sip:100@{to}>\r\nCall-ID: orders{n}\r\n"
          "CSeq: 1 INVITE\r\nContact: <sip:{at}:{port}>\r\nMax-Forwards: 70\r\n"
          "Content-Length: 0\r\n\r\n")
NIGHT = '[[queue]]\nname = "night"\nnumbers = ["200"]\n'


class Orders(unittest.TestCase):
    def setUp(self):
        self.exchange = Exchange(agents=(), registrar=NIGHT)
        self.addCleanup(self.exchange.close)
        self.line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(self.line.close)
        self.line.bind((CARRIER, 0))
        self.line.settimeout(5)
        self.calls = 0

    def order(self, *words):
        done = subprocess.run([PROGRAMS / "holdfast", "--socket",
                               self.exchange.folder / "run/control", *words],
                              capture_output=True, text=True, timeout=20, check=False)
        return done.returncode, done.stdout + done.stderr

    def call(self):
        """The first status that is no provisional one but 180 or 183."""
        self.calls += 1
        request = INVITE.format(to=ADDRESS, at=CARRIER, port=self.line.getsockname()[1],
                                n=self.calls)
        self.line.sendto(request.encode(), (ADDRESS, 5060))
        while True:
            answer = self.line.recv(65536).decode()
            status = int(answer.split()[1]) if answer.startswith("SIP/2.0") else 0
            if status > 100 and f"Call-ID: orders{self.calls}\r\n" in answer:
                return status

    def waiting(self):
        return {q["name"]: q["waiting"] for q in self.exchange.ask("queues")}

    def test_queues_are_closed_opened_and_emptied_and_all_is_drained(self):
        self.assertEqual(self.order("queue", "support", "close")[0], 0)
        self.assertIn("ordered shut", self.order("queues")[1])
        self.assertEqual(self.call(), 480)
        self.exchange.kill_daemon()
        self.exchange.start()
        self.assertEqual(self.call(), 480, "what was ordered outlives the daemon")
        self.assertEqual(self.order("queue", "support", "open")[0], 0)
        self.assertEqual(self.call(), 200)
        wait_for("a caller who waits", lambda: self.waiting() == {"support": 1, "night": 0})
        self.assertEqual(self.order("queue", "support", "move", "--to", "night")[0], 0)
        self.assertEqual(self.waiting(), {"support": 0, "night": 1})
        self.assertEqual(self.order("drain", "on")[0], 0)
        self.assertEqual(self.call(), 503)
        self.assertEqual(self.waiting(), {"support": 0, "night": 1}, "who waits is kept")
        self.assertEqual(self.order("drain", "off")[0], 0)
        self.assertEqual(self.call(), 200)
        for words, said in ((("queue", "nowhere", "close"), 'no queue "nowhere"'),
                            (("queue", "support", "move", "--to", "support"), "there already")):
            code, text = self.order(*words)
            self.assertEqual(code, 1)
            self.assertIn(said, text)


if __name__ == "__main__":
    unittest.main()
