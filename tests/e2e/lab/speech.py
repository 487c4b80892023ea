"""Whether recordings are in what a phone heard, whole and in order: by correlation, at 8 kHz,
through whatever codec it came."""
import sys
import wave
from collections import namedtuple

sys.path.append("/usr/lib/python3/dist-packages")  # Debian's, whichever python3 is the first
import numpy  # noqa: E402

RATE = 8000
Place = namedtuple("Place", "began ended likeness")  # s; 1 is the same sound


def sound_of(path):
    """Mono at 8 kHz, of a WAV of any rate (what lies above 4 kHz is left out)."""
    with wave.open(str(path)) as file:
        rate, channels = file.getframerate(), file.getnchannels()
        data = file.readframes(file.getnframes())
    samples = numpy.frombuffer(data, "<i2").astype(float)
    samples = samples[:len(samples) // channels * channels].reshape(-1, channels).mean(axis=1)
    size = len(samples) * RATE // rate
    spectrum = numpy.fft.rfft(samples)[:size // 2 + 1]
    return numpy.fft.irfft(spectrum, size) * size / len(samples)


def place(heard, piece, since=0, until=None):
    """Where a piece is heard most likely: (first sample, likeness)."""
    heard = heard[since:until]
    if len(heard) < len(piece):
        return since, 0.0
    size = len(heard) + len(piece)
    product = numpy.fft.irfft(numpy.fft.rfft(heard, size) *
                              numpy.conj(numpy.fft.rfft(piece, size)), size)
    product = product[:len(heard) - len(piece) + 1]
    energy = numpy.concatenate(([0.0], numpy.cumsum(heard * heard)))
    energy = energy[len(piece):] - energy[:-len(piece)]
    likeness = product / numpy.sqrt(numpy.maximum(energy, 1.0) * numpy.sum(piece * piece))
    best = int(numpy.argmax(likeness))
    return since + best, float(likeness[best])


def find(heard, recording, parts=4, apart=0.004):
    """Where the whole recording is: each part of it must be in its place. `likeness` is that of the
    part that is the least like; what was not heard at both ends counts as silence."""
    margin = RATE // 4
    heard = numpy.concatenate((numpy.zeros(margin), heard, numpy.zeros(margin)))
    at, _ = place(heard, recording)
    size, apart = len(recording) // parts, int(apart * RATE)
    likeness = 1.0
    for n in range(parts):
        piece = recording[n * size:(n + 1) * size]
        start = max(at + n * size - apart, 0)
        likeness = min(likeness, place(heard, piece, start, start + size + 2 * apart)[1])
    began = (at - margin) / RATE
    return Place(began, began + len(recording) / RATE, likeness)
