"""A music server: RTP with a tone from an address of its own."""
import socket
import struct
import threading
import time

from .sipp import alaw_tone

PACKET = 160


class ToneServer(threading.Thread):
    def __init__(self, listens, target, hertz):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(listens)
        self.target, self.tone, self.over = target, alaw_tone(hertz), threading.Event()
        self.start()

    def run(self):
        began, n = time.monotonic(), 0
        while not self.over.is_set():
            at = n * PACKET % len(self.tone)
            head = struct.pack(">BBHII", 0x80, 8, n & 0xFFFF, n * PACKET, 0x70888807)
            self.socket.sendto(head + self.tone[at:at + PACKET], self.target)
            n += 1
            time.sleep(max(began + n * 0.02 - time.monotonic(), 0))

    def stop(self):
        self.over.set()
        self.join()
        self.socket.close()
