"""Decoders of what is no table: G.722 by spandsp and Opus by libopus, to 8 kHz, without a line of
the product between."""
import ctypes
import struct

_MOST = 5760


class G722:
    def __init__(self):
        self.library = ctypes.CDLL("libspandsp.so.2")
        self.library.g722_decode_init.restype = ctypes.c_void_p
        samples_at_8000 = 1
        self.state = ctypes.c_void_p(
            self.library.g722_decode_init(None, 64000, samples_at_8000))

    def decode(self, payload):
        out = (ctypes.c_int16 * _MOST)()
        count = self.library.g722_decode(self.state, out, payload, len(payload))
        return list(struct.unpack(f"<{count}h", bytes(out)[:2 * count]))


class Opus:
    def __init__(self):
        self.library = ctypes.CDLL("libopus.so.0")
        self.library.opus_decoder_create.restype = ctypes.c_void_p
        fault = ctypes.c_int()
        self.state = ctypes.c_void_p(
            self.library.opus_decoder_create(8000, 1, ctypes.byref(fault)))
        assert fault.value == 0

    def decode(self, payload):
        out = (ctypes.c_int16 * _MOST)()
        count = self.library.opus_decode(self.state, payload, len(payload), out, _MOST, 0)
        assert count >= 0, "no Opus packet"
        return list(struct.unpack(f"<{count}h", bytes(out)[:2 * count]))
