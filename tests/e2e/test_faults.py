"""What stands in the daemon's way is told in a sentence with what to do, and nothing is started."""
import socket
import unittest

from lab.exchange import PROGRAMS, Exchange
from lab.process import PATIENCE, Process

USAGE, UNAVAILABLE, CONFIGURATION = 64, 69, 78


class Faults(unittest.TestCase):
    def setUp(self):
        self.exchange = Exchange()  # for its settings and its folder
        self.addCleanup(self.exchange.close)

    def ends(self, code, *parts, settings=None):
        """holdfastd ends with `code`, and says each of `parts`."""
        path = self.exchange.folder / "other.toml"
        if settings is not None:
            path.write_text(settings)
        daemon = Process([PROGRAMS / "holdfastd", "--settings", path],
                         self.exchange.folder / "other.log")
        self.assertEqual(daemon.child.wait(PATIENCE), code, daemon.said())
        for part in parts:
            self.assertIn(part, daemon.said())

    def other(self, **changed):
        """The settings of another daemon beside the one that runs."""
        text = self.exchange.settings.read_text()
        folder = str(self.exchange.folder)
        text = text.replace(f"{folder}/state", f"{folder}/state2")
        text = text.replace(f"{folder}/run", f"{folder}/run2")
        for old, new in changed.items():
            text = text.replace(old, new)
        return text

    def test_settings(self):
        self.ends(CONFIGURATION, "cannot read the settings file")
        self.ends(CONFIGURATION, "not TOML", settings="[site\n")
        self.ends(CONFIGURATION, 'wrap_up must be a time', "is no setting",
                  settings=self.other(**{'wrap_up = "1s"': 'wrap_up = 5\ncolour = "red"'}))

    def test_ports_in_use(self):
        self.ends(UNAVAILABLE, "listener 1 (UDP): cannot bind 192.0.2.1 port 5060", "ss -lnptu",
                  "listener 2 (TCP)", "listener 3 (TLS)", settings=self.other())

    def test_a_second_daemon_in_the_same_directory(self):
        self.ends(UNAVAILABLE, "another holdfastd works in",
                  settings=self.exchange.settings.read_text())

    def test_a_directory_that_cannot_be_made(self):
        folder = str(self.exchange.folder)
        self.ends(UNAVAILABLE, "cannot write into /proc/nowhere", "[site] state",
                  settings=self.other(**{f"{folder}/state2": "/proc/nowhere"}))

    def test_bytes_that_are_no_sip(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for junk in (b"", b"\0" * 60_000, b"INVITE", b"SIP/2.0 200 OK\r\n\r\n",
                         b"INVITE sip:a SIP/2.0\r\nContent-Length: 99999999999\r\n\r\n"):
                stranger.sendto(junk, ("192.0.2.1", 5060))
        status = self.exchange.ask("status")
        self.assertEqual(status["calls"], 0)
        self.assertGreaterEqual(sum(status["refused_by_reason"].values()), 3)


if __name__ == "__main__":
    unittest.main()
