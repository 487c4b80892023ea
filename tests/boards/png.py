"""Reads PNG files of 8 bits RGB without an alpha channel, enough to compare pictures."""
import struct
import zlib


def chunks(raw):
    at = 8
    while at < len(raw):
        length, kind = struct.unpack(">I4s", raw[at:at + 8])
        yield kind, raw[at + 8:at + 8 + length]
        at += 12 + length


def paeth(left, up, corner):
    guess = left + up - corner
    return min((left, up, corner), key=lambda near: abs(guess - near))


def unfiltered(kind, line, above):
    """A row of 3 octets a pixel, after its filter (PNG, chapter 9)."""
    row = bytearray()
    for i, octet in enumerate(line):
        left, up = (row[i - 3] if i >= 3 else 0), above[i]
        corner = above[i - 3] if i >= 3 else 0
        add = (0, left, up, (left + up) // 2, paeth(left, up, corner))[kind]
        row.append((octet + add) % 256)
    return bytes(row)


def read(raw):
    """Width, height, and rows of octets."""
    parts = list(chunks(raw))
    width, height, depth, colour = struct.unpack(">IIBB", dict(parts)[b"IHDR"][:10])
    if (depth, colour) != (8, 2):
        raise ValueError("not 8 bits RGB")
    data = zlib.decompress(b"".join(part for kind, part in parts if kind == b"IDAT"))
    rows, above = [], bytes(3 * width)
    for y in range(height):
        line = data[y * (3 * width + 1):(y + 1) * (3 * width + 1)]
        above = unfiltered(line[0], line[1:], above)
        rows.append(above)
    return width, height, rows
