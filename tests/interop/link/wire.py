"""The wallboard link, written from src/link/README.md alone: fields to octets and back."""
import struct
import zlib

KINDS = ("hello status layout set commit palette brightness time bitmap screen snapshot reboot "
         "fw_begin fw_data fw_end fw_confirm").split()
REFUSALS = ("done wrong_version unknown_kind malformed unknown_layout incomplete outside "
            "no_such_cell wrong_content no_such_bitmap too_large busy no_update wrong_board older "
            "damaged forged flash_failed").split()
ENUMS = {
    "cell_kind": "text clock bar spark bitmap".split(),
    "font": "small_4x6 tiny_5x8 plain_6x12 body_8x16 large_12x24 huge_16x32".split(),
    "align": "left centre right".split(),
    "effect": "steady blink scroll roll".split(),
    "cause": "unknown power pin software watchdog fault assertion".split(),
    "screen": "picture no_data wrong_version test blank".split(),
    "into": "application recovery".split(),
}
INTEGERS = {"u8": "<B", "u16": "<H", "u32": "<I"}
LOOK = [("colours", "two"), ("effect", "effect")]
CELL = [("id", "u8"), ("kind", "cell_kind"), ("x", "u16"), ("y", "u16"), ("width", "u16"),
        ("height", "u16"), ("font", "font"), ("align", "align"), *LOOK]
VALUE = [("", "dressed"), ("bytes", "octets")]
REQUESTS = {
    "hello": [], "status": [], "fw_end": [], "fw_confirm": [],
    "layout": [("layout", "u32"), ("part", "u8"), ("parts", "u8"), ("cells", CELL)],
    "set": [("layout", "u32"), ("values", VALUE)],
    "commit": [("layout", "u32")],
    "palette": [("colours", "rgb16")],
    "brightness": [("level", "u8")],
    "time": [("local_s", "u32")],
    "bitmap": [("number", "u8"), ("width", "u8"), ("height", "u8"), ("offset", "u16"),
               ("bytes", "octets")],
    "screen": [("screen", "screen")],
    "snapshot": [("at_ms", "u32")],
    "reboot": [("into", "into")],
    "fw_begin": [("size", "u32"), ("header", "octets")],
    "fw_data": [("offset", "u32"), ("bytes", "octets")],
}
ANSWERS = {
    "hello": [("board", "text"), ("width", "u16"), ("height", "u16"), ("colour_bits", "u8"),
              ("version", "text"), ("boot", "u32"), ("cause", "cause"), ("layout", "u32"),
              ("slot", "u8"), ("confirmed", "u8")],
    "status": [("boot", "u32"), ("uptime_s", "u32"), ("layout", "u32"), ("screen", "screen"),
               ("brightness", "u8"), ("refresh_hz", "u16"), ("frames", "u32"), ("damaged", "u32"),
               ("overruns", "u32"), ("refused", "u32")],
    "commit": [("boot", "u32"), ("commits", "u32")],
    "snapshot": [("crc", "u32"), ("screen", "screen"), ("age_ms", "u32")],
}
FLAG, ESCAPE, CONTROL, VERSION = 0x7E, 0x7D, 0x03, 1


def octets_of(fields, values):
    """Missing values are 0, the first enumerator, or nothing."""
    return b"".join(dressed_octets(values) if kind == "dressed" else
                    field_octets(kind, values.get(name)) for name, kind in fields)


def dressed_octets(value):
    """Which cell, and how it looks: three of its fields in two octets."""
    effect = ENUMS["effect"].index(value.get("effect", "steady"))
    return bytes([value["cell"] | effect << 6]) + field_octets("two", value["colours"])


def field_octets(kind, value):
    if isinstance(kind, list):
        items = value or []
        return bytes([len(items)]) + b"".join(octets_of(kind, item) for item in items)
    if kind in INTEGERS:
        return struct.pack(INTEGERS[kind], value or 0)
    if kind == "two":  # colour and background
        return bytes([value[0] | value[1] << 4])
    if kind == "text":
        return field_octets("octets", (value or "").encode().hex())
    if kind == "octets":
        raw = bytes.fromhex(value or "")
        return bytes([len(raw)]) + raw
    if kind == "rgb16":
        return b"".join(bytes.fromhex(colour) for colour in value)
    return bytes([ENUMS[kind].index(value or ENUMS[kind][0])])


def values_of(fields, raw):
    """Values, and what is left of `raw`."""
    values = {}
    for name, kind in fields:
        if kind == "dressed":
            values |= {"cell": raw[0] & 63, "effect": ENUMS["effect"][raw[0] >> 6],
                       "colours": [raw[1] & 15, raw[1] >> 4]}
            raw = raw[2:]
        else:
            values[name], raw = field_value(kind, raw)
    return values, raw


def field_value(kind, raw):
    if isinstance(kind, list):
        items, rest = [], raw[1:]
        for _ in range(raw[0]):
            item, rest = values_of(kind, rest)
            items.append(item)
        return items, rest
    if kind in INTEGERS:
        size = struct.calcsize(INTEGERS[kind])
        return struct.unpack(INTEGERS[kind], raw[:size])[0], raw[size:]
    if kind == "two":
        return [raw[0] & 15, raw[0] >> 4], raw[1:]
    if kind in ("text", "octets"):
        content = raw[1:1 + raw[0]]
        return content.decode() if kind == "text" else content.hex(), raw[1 + raw[0]:]
    if kind == "rgb16":
        return [raw[i:i + 3].hex() for i in range(0, 48, 3)], raw[48:]
    return ENUMS[kind][raw[0]], raw[1:]


def frame(address, payload):
    counted = bytes([address, CONTROL]) + payload
    counted += struct.pack("<I", zlib.crc32(counted))
    stuffed = bytearray([FLAG])
    for octet in counted:
        stuffed += bytes([ESCAPE, octet ^ 0x20] if octet in (FLAG, ESCAPE, 0x11, 0x13) else [octet])
    return bytes(stuffed) + bytes([FLAG])


def unframe(raw):
    """Address and payload of each good frame in `raw`."""
    for stuffed in raw.split(bytes([FLAG])):
        counted, escaped = bytearray(), False
        for octet in stuffed:
            if octet == ESCAPE:
                escaped = True
                continue
            counted.append(octet ^ 0x20 if escaped else octet)
            escaped = False
        good = len(counted) >= 6 and not escaped and counted[1] == CONTROL
        if good and struct.unpack("<I", counted[-4:])[0] == zlib.crc32(counted[:-4]):
            yield counted[0], bytes(counted[2:-4])


def request(node, sequence, kind, values):
    body = octets_of(REQUESTS[kind], values)
    return frame(node, bytes([VERSION, KINDS.index(kind), sequence]) + body)


def answer(node, sequence, kind, values, refusal="done", detail=0):
    body = octets_of(ANSWERS.get(kind, []), values) if refusal == "done" else b""
    head = struct.pack("<BBBBH", VERSION, KINDS.index(kind) | 0x80, sequence,
                       REFUSALS.index(refusal), detail)
    return frame(node, head + body)


def read(payload):
    """A payload as a dict like those of the vectors, without name and frame."""
    told = {"sequence": payload[2], "kind": KINDS[payload[1] & 0x7F]}
    if payload[1] & 0x80:
        told["answer"] = True
        told["refusal"] = REFUSALS[payload[3]]
        told["detail"] = struct.unpack("<H", payload[4:6])[0]
        fields = ANSWERS.get(told["kind"], []) if told["refusal"] == "done" else []
        told["body"], rest = values_of(fields, payload[6:])
    else:
        told["body"], rest = values_of(REQUESTS[told["kind"]], payload[3:])
    if rest:
        raise ValueError(f"{len(rest)} octets too many")
    return told
