"""Tones as WAV files, and which tones are in what was heard (Goertzel's algorithm)."""
import math
import struct
import time
import wave

RATE = 8000


def write_tone(path, hertz, seconds=120):
    """8 kHz, 16 bit, mono."""
    period = [int(9000 * math.sin(2 * math.pi * hertz * n / RATE)) for n in range(RATE)]
    second = struct.pack(f"<{RATE}h", *period)  # whole hertz: a second is a whole number of periods
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(second * seconds)


def _alaw(byte):
    byte ^= 0x55
    exponent, mantissa = (byte >> 4) & 7, byte & 15
    value = (mantissa << 4) + 8 if exponent == 0 else ((mantissa << 4) + 0x108) << (exponent - 1)
    return value if byte & 0x80 else -value


def _ulaw(byte):
    byte = ~byte & 0xFF
    value = (((byte & 15) << 3) + 0x84 << ((byte >> 4) & 7)) - 0x84
    return -value if byte & 0x80 else value


DECODERS = {8: [_alaw(b) for b in range(256)], 0: [_ulaw(b) for b in range(256)]}


def share_of(samples, hertz):
    """How much of the energy lies at one frequency: 0 to 1."""
    energy = sum(s * s for s in samples)
    if not samples or energy < 1e4 * len(samples):
        return 0.0
    coefficient = 2 * math.cos(2 * math.pi * hertz / RATE)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + coefficient * last - before
    power = before * before + last * last - coefficient * before * last
    return 2 * power / (len(samples) * energy)


def tones(samples, candidates, seconds=0.25):
    """The tone of each piece of so many seconds: one of the candidates, "other", or None (silence)."""
    size = int(RATE * seconds)
    out = []
    for at in range(0, len(samples) - size + 1, size):
        piece = samples[at:at + size]
        if sum(s * s for s in piece) < 1e4 * size:
            out.append(None)
            continue
        best = max(candidates, key=lambda hertz: share_of(piece, hertz))
        out.append(best if share_of(piece, best) > 0.5 else "other")
    return out


def mixed_tones(samples, candidates):
    """Those that sound in most of the tenths of a second, also at once."""
    size = RATE // 10
    pieces = [samples[at:at + size] for at in range(0, len(samples) - size + 1, size)]
    assert len(pieces) > 4, f"only {len(samples)} samples were heard"
    return {hertz for hertz in candidates
            if sum(share_of(piece, hertz) > 0.2 for piece in pieces) > len(pieces) / 2}


def sound_window(settling=0.7, length=0.8):
    """Lets what changed settle, and then some time pass: from when till when."""
    time.sleep(settling)
    began = time.time()
    time.sleep(length)
    return began, time.time()
