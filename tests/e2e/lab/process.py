"""Child processes that end with the test, and waiting with a bound."""
import os
import signal
import subprocess
import time

PATIENCE = 20.0  # for a loaded machine; reached only when something is broken


def wait_for(what, condition, patience=PATIENCE):
    """The first true value of condition(); fails with `what` when it does not come."""
    until = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError(f"waited {patience} s in vain for: {what}")
        time.sleep(0.02)


class Process:
    """`told`: what is written by tell() comes to its standard input."""

    def __init__(self, arguments, log, directory=None, environment=None, told=False):
        self.log = log
        with open(log, "ab") as out:
            self.child = subprocess.Popen(
                [str(a) for a in arguments],
                stdin=subprocess.PIPE if told else subprocess.DEVNULL, stdout=out, stderr=out,
                cwd=directory, env={**os.environ, **(environment or {})})

    @property
    def pid(self):
        return self.child.pid

    def tell(self, line):
        self.child.stdin.write(line.encode() + b"\n")
        self.child.stdin.flush()

    def runs(self):
        return self.child.poll() is None

    def send(self, number):
        if self.runs():
            self.child.send_signal(number)

    def stop(self, number=signal.SIGTERM):
        self.send(number)
        try:
            return self.child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.child.kill()
            return self.child.wait()

    def kill(self):
        return self.stop(signal.SIGKILL)

    def said(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()
