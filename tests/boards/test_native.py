"""The native board as a program: its lines, its pictures, its restarts."""
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import layouts
import png
from talk import Refused, Talk, connect, wire

PROGRAM = Path(os.environ["HOLDFAST_PROGRAMS"]) / "board-native"
GOLDEN = Path(__file__).parents[1] / "golden" / "boards"


def wait_for(condition, patience=20):
    give_up = time.monotonic() + patience
    while not condition():
        if time.monotonic() > give_up:
            raise TimeoutError("nothing came of it")
        time.sleep(0.02)


class Native(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def board(self, *arguments, **how):
        board = subprocess.Popen([PROGRAM, *arguments], **how)
        self.addCleanup(board.wait)
        self.addCleanup(board.kill)
        return board

    def at_socket(self, *arguments):
        path = self.folder / "line"
        board = self.board("--unix", path, *arguments, stdout=subprocess.DEVNULL)
        line = connect(path)
        self.addCleanup(line.close)
        return board, Talk(line)

    def test_pictures_are_those_kept(self):
        file = self.folder / "picture.png"
        for name, made in layouts.NAMED.items():
            with self.subTest(name):
                board, talk = self.at_socket("--png", file, "--scale", "3")
                layout = made()
                for one in layout["values"]:  # as the text begins, and not as it moves
                    one["effect"] = "steady"
                talk.show(layout)
                talk.snapshot()
                time.sleep(0.05)  # three frames: the panel has it
                board.terminate()
                board.wait()
                self.compare(name, file.read_bytes())

    def compare(self, name, picture):
        kept = GOLDEN / f"{name}.png"
        if os.environ.get("HOLDFAST_UPDATE_GOLDEN"):
            kept.write_bytes(picture)
        self.assertTrue(png.read(picture) == png.read(kept.read_bytes()),
                        f"{name} is not tests/golden/boards/{name}.png any more")

    def test_tcp_takes_one_peer_after_another(self):
        board = self.board("--tcp", "0", stdout=subprocess.PIPE, text=True)
        self.addCleanup(board.stdout.close)
        port = int(board.stdout.readline().rsplit(":", 1)[1])
        boots = set()
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", port)) as line:
                boots.add(Talk(line).ask("hello")["boot"])
        self.assertEqual(len(boots), 1)

    def test_boards_that_share_a_line(self):
        """Each hears all, answers what is for it, and nobody answers what is for all."""
        lines = []
        for node in (1, 2, 3):
            path = self.folder / f"board{node}"
            self.board("--unix", path, "--node", str(node), stdout=subprocess.DEVNULL)
            lines.append(connect(path))
            self.addCleanup(lines[-1].close)
        shared = SharedLine(lines)
        talks = {node: Talk(shared, node, patience=5) for node in (1, 2, 3)}
        for node, talk in talks.items():
            talk.show(layouts.random_layout(node))
        crcs = {talk.snapshot(0)["crc"] for talk in talks.values()}
        self.assertEqual(len(crcs), 3)
        shared.sendall(wire.request(0, 9, "brightness", {"level": 7}))
        for talk in talks.values():
            self.assertEqual(talk.ask("status")["brightness"], 7)
        self.assertEqual(shared.answers, {node: talk.sequence for node, talk in talks.items()})

    def test_pseudo_terminal(self):
        path = self.folder / "tty"
        self.board("--pty", path, stdout=subprocess.DEVNULL)
        wait_for(path.exists)
        for _ in range(2):  # a terminal may be closed and opened again
            terminal = Terminal(path)
            self.assertEqual(Talk(terminal).ask("hello")["board"], "native")
            terminal.close()

    def test_stdio_ends_with_its_input(self):
        board = self.board("--stdio", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        told = Talk(Pipes(board)).ask("hello")
        self.assertEqual((told["width"], told["height"]), (256, 32))
        board.stdin.close()
        self.assertEqual(board.wait(20), 0)
        board.stdout.close()

    def test_reboot_has_another_boot_id_and_no_layout(self):
        _, talk = self.at_socket()
        talk.show(layouts.one_queue())
        before = talk.ask("hello")
        self.assertEqual((before["cause"], before["layout"]), ("power", 1))
        talk.ask("reboot", into="application")
        wait_for(lambda: talk.ask("hello")["boot"] != before["boot"])
        after = talk.ask("hello")
        self.assertEqual((after["cause"], after["layout"]), ("software", 0))
        with self.assertRaises(Refused) as refused:
            talk.ask("commit", layout=1)
        self.assertEqual(refused.exception.refusal, "unknown_layout")

    def test_a_stopped_board_was_reset_by_its_watchdog(self):
        board, talk = self.at_socket()
        before = talk.ask("hello")
        board.send_signal(signal.SIGSTOP)
        time.sleep(4.2)
        board.send_signal(signal.SIGCONT)
        wait_for(lambda: talk.ask("hello")["boot"] != before["boot"])
        self.assertEqual(talk.ask("hello")["cause"], "watchdog")

    def test_the_terminal_shows_every_row(self):
        board = self.board("--unix", self.folder / "line", "--show", "--columns", "64",
                           stdout=subprocess.PIPE)
        drawn = board.stdout.read(200)
        board.terminate()
        drawn += board.stdout.read()
        board.stdout.close()
        first = drawn.split(b"\x1b[4A")[0]  # 32 rows, four to one, two a line
        self.assertEqual(first.count(b"\n"), 4)
        self.assertEqual(first.count("\u2580".encode()), 4 * 64)


class SharedLine:
    """What one says, all others hear."""

    def __init__(self, lines):
        self.lines = lines
        self.answers = dict.fromkeys(range(1, len(lines) + 1), 0)  # by node
        self.inside, self.outside = socket.socketpair()

    def fileno(self):
        ready, _, _ = select.select([*self.lines, self.outside], [], [], 5)
        for line in ready:
            if line is not self.outside:
                self.pass_on(line)
        return self.outside.fileno()

    def pass_on(self, line):
        octets = line.recv(4096)
        for address, _ in wire.unframe(octets):
            self.answers[address] += 1
        for other in self.lines:
            if other is not line:
                other.sendall(octets)
        self.inside.sendall(octets)

    def sendall(self, octets):
        for line in self.lines:
            line.sendall(octets)

    def recv(self, most):
        return self.outside.recv(most)


class Terminal:
    """A terminal as a socket."""

    def __init__(self, path):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY)

    def fileno(self):
        return self.fd

    def sendall(self, octets):
        os.write(self.fd, octets)

    def recv(self, most):
        return os.read(self.fd, most)

    def close(self):
        os.close(self.fd)


class Pipes:
    """The two pipes of a program as a socket."""

    def __init__(self, board):
        self.board = board

    def fileno(self):
        return self.board.stdout.fileno()

    def sendall(self, octets):
        self.board.stdin.write(octets)
        self.board.stdin.flush()

    def recv(self, most):
        select.select([self], [], [], 20)
        return os.read(self.fileno(), most)


if __name__ == "__main__":
    unittest.main()
