"""An Alpha sign on a pseudo-terminal, with the traps of real ones. Written from the protocol's
description; it shares nothing with the driver it is there to judge."""
import os
import re
import select
import termios
import threading
import time
import tty

NUL, SOH, STX, ETX, EOT, ESC = 0x00, 0x01, 0x02, 0x03, 0x04, 0x1B
LEAST_GAP = 0.25      # between packets: what comes sooner is lost
LEAST_PAUSE = 0.1     # after each STX of nested blocks
BYTE_TIMEOUT = 1.0    # within a packet
CLEARING = 2.0        # deaf after a clear
TEXT, STRING = "TEXT", "STRING"
# Codes within texts, and how many bytes follow each.
CODES = {0x1C: 1, 0x1A: 1, 0x1E: 1, 0x07: 1, 0x05: 1, 0x08: 1, 0x0B: 1, 0x09: 0, 0x11: 0, 0x12: 0,
         0x13: 0, **{speed: 0 for speed in range(0x15, 0x1A)}}
CALL, NEW_LINE, NEW_PAGE = 0x10, 0x0D, 0x0C


class File:
    def __init__(self, kind, size):
        self.kind, self.size, self.content = kind, size, b""


class AlphaSign:
    """`path` is the device that the daemon opens; it stays when the plug is pulled and put back."""

    def __init__(self, path, seven_bits=True, address="01", kind="^"):
        self.path, self.seven_bits = path, seven_bits
        self.address, self.kind = address, kind
        self.lock = threading.Lock()
        self.faults = {}        # what a real sign would have suffered from: name, times
        self.done = {}          # commands that were carried out: name, times
        self.packets = []       # whole ones that were read: (began, bytes)
        self.switch_on()
        self.master = self.thread = None
        self.plug_in()

    # ---- the plug and the switch ---------------------------------------------------------------
    def switch_on(self):
        """As delivered: one text file, nothing in it."""
        self.files = {"A": File(TEXT, 256)}
        self.priority, self.blank, self.shows_nothing = b"", False, False
        self.sequence, self.cleared, self.deaf_until = "A", False, 0.0

    def plug_in(self):
        self.master, self.slave = os.openpty()
        tty.setraw(self.master)
        if os.path.islink(self.path):
            os.unlink(self.path)
        os.symlink(os.ttyname(self.slave), self.path)
        self.reading = True
        self.thread = threading.Thread(target=self.read, args=(self.master,), daemon=True)
        self.thread.start()

    def pull_out(self):
        self.reading = False
        self.thread.join()
        os.close(self.master)
        os.close(self.slave)
        os.unlink(self.path)

    def baud(self):
        """What the daemon has set the line to."""
        return termios.tcgetattr(self.slave)[5]

    # ---- bytes ---------------------------------------------------------------------------------
    def read(self, master):
        packet, began, last, ended = b"", 0.0, 0.0, -1.0
        pauses = {}
        while self.reading:
            ready, _, _ = select.select([master], [], [], 0.05)
            now = time.monotonic()
            if not ready:
                continue
            try:
                data = os.read(master, 4096)
            except OSError:  # the daemon has closed the other end
                time.sleep(0.05)
                continue
            for byte in data:
                if packet and now - last > BYTE_TIMEOUT:
                    self.fault("a packet was cut off")
                    packet, pauses = b"", {}
                if not packet:
                    began = now
                if packet and packet[-1] == STX:
                    pauses[len(packet) - 1] = now - last
                packet += bytes([byte])
                last = now
                if byte == EOT:
                    self.take(packet, began, began - ended, pauses)
                    packet, pauses, ended = b"", {}, now

    def fault(self, what):
        with self.lock:
            self.faults[what] = self.faults.get(what, 0) + 1

    def note(self, what):
        self.done[what] = self.done.get(what, 0) + 1

    def take(self, packet, began, gap, pauses):
        if gap < LEAST_GAP:
            return self.fault("a packet came too soon after the last")
        if began < self.deaf_until:
            return self.fault("a packet came while the memory was cleared")
        if self.seven_bits and any(byte > 0x7F for byte in packet):
            return self.fault("a byte had eight bits")
        head = re.match(rb"\x00{5,}\x01(.)(..)\x02", packet, re.DOTALL)
        if not head:
            return self.fault("a packet had no header")
        if head[1].decode() not in ("Z", "!", self.kind) or not self.is_mine(head[2].decode()):
            return None
        with self.lock:
            self.packets.append((began, packet))
        blocks = self.blocks(packet, head.end())
        for at, data in blocks:
            if len(blocks) > 1 and pauses.get(at, 1.0) < LEAST_PAUSE:
                self.fault("no pause after an STX")
            else:
                with self.lock:
                    self.command(data)
        return None

    def is_mine(self, address):
        return address == "00" or all(a in ("?", b) for a, b in zip(address, self.address))

    def blocks(self, packet, at):
        """Where each block's STX stood, and its data; those with a wrong checksum are dropped."""
        found, stx = [], at - 1
        while at < len(packet) and packet[at] != EOT:
            etx = packet.find(ETX, at)
            if etx < 0:  # without a checksum, up to the end
                found.append((stx, packet[at:-1]))
                break
            told = packet[etx + 1:etx + 5]
            if told == b"%04X" % (sum(packet[stx:etx + 1]) & 0xFFFF):
                found.append((stx, packet[at:etx]))
            else:
                self.fault("a checksum was wrong")
            stx = etx + 5
            at = stx + 1
        return found

    # ---- commands ------------------------------------------------------------------------------
    def command(self, data):
        code, rest = chr(data[0]), data[1:]
        if code == "A":
            self.write_text(chr(rest[0]), rest[1:])
        elif code == "G":
            self.write_string(chr(rest[0]), rest[1:])
        elif code == "E" and rest[:1] == b"$":
            self.configure(rest[1:].decode())
        elif code == "E" and rest[:2] == b".S":
            self.sequence = rest[3:].decode()
            self.note("sequence")
        else:
            self.faults["an unknown command"] = self.faults.get("an unknown command", 0) + 1

    def configure(self, table):
        if not table:
            self.files, self.cleared = {}, True
            self.priority, self.sequence = b"", ""
            self.deaf_until = time.monotonic() + CLEARING
            return self.note("clear")
        self.note("configure")
        self.shows_nothing = not self.cleared  # the table is kept, and nothing is ever shown
        self.cleared = False
        self.files = {}
        for i in range(0, len(table), 11):
            label, kind, lock, size, times = re.fullmatch(
                r"(.)(.)(.)([0-9A-F]{4})([0-9A-F]{4})", table[i:i + 11]).groups()
            assert kind == "A" or (kind == "B" and lock == "L" and times == "0000"), table
            assert label not in "0?12345", table
            self.files[label] = File(TEXT if kind == "A" else STRING, int(size, 16))
        return None

    def write_text(self, label, data):
        self.note("text")
        if label == "0":
            if data and len(data) > 3 or not data:
                self.priority = data
                self.blank = False
            else:
                self.blank = True  # a text that is empty and not released
            return
        file = self.files.get(label)
        if file is None or file.kind != TEXT or data[:1] != bytes([ESC]):
            self.faults["a text without a file"] = self.faults.get("a text without a file", 0) + 1
            return
        file.content = data[:file.size]

    def write_string(self, label, data):
        self.note("string")
        file = self.files.get(label)
        if file is None or file.kind != STRING:
            self.faults["a string without a file"] = \
                self.faults.get("a string without a file", 0) + 1
        elif len(data) > file.size:
            file.content = b""
            self.faults["a string was too long"] = self.faults.get("a string was too long", 0) + 1
        else:
            file.content = data

    # ---- what one sees -------------------------------------------------------------------------
    def plain(self, content, calls=True):
        text, i = "", 0
        while i < len(content):
            byte = content[i]
            if byte == CALL:
                file = self.files.get(chr(content[i + 1]))
                if calls and file is not None and file.kind == STRING:
                    text += self.plain(file.content, calls=False)
                i += 2
            elif byte in (NEW_LINE, NEW_PAGE):
                text += "\n"
                i += 1
            elif byte in CODES:
                i += 1 + CODES[byte]
            else:
                text += chr(byte)
                i += 1
        return text

    def shown(self):
        """The pages that take turns, or the priority text alone."""
        with self.lock:
            if self.blank or self.shows_nothing:
                return [""]
            if self.priority:
                return [self.plain(self.priority[3:])]
            return [self.plain(self.files[label].content[3:]) for label in self.sequence
                    if label in self.files]
