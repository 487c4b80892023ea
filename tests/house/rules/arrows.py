"""Which room may include which. The table is the law; src/README.md and CMakeLists.txt repeat
it."""
import re
from pathlib import PurePosixPath

from .headers import includes
from .tree import Finding

# A room, and what it sees: rooms, or single headers of rooms whose libraries it does not get.
ARROWS = {
    "base": "",
    "link": "base",
    "sip": "base",
    "acd": "base",
    "media": "base",
    "console": "base",
    "ledger": "base acd",
    "report": "base",
    "wallboard": "base acd link",
    "engine": "base sip acd console wallboard media/orders.hpp",
    "settings": "base sip engine wallboard boards/appliance.hpp "
                "boards/appliance-x86/appliance.hpp boards/appliance-rpi4/appliance.hpp",
    "host/io": "base",
    "host/net": "base sip host/io engine/inputs.hpp engine/effects.hpp engine/settings.hpp",
    "host/journal": "base host/io",
    "host/store": "base acd ledger report host/io",
    "host/control": "base console host/io engine/inputs.hpp engine/effects.hpp",
    "host/media": "base media host/io",
    "host/black_box": "base engine settings host/io",
    "host/wallboard": "base wallboard host/io",
    "host/tool": "base console settings ledger report host/io host/black_box",
    "host/daemon": "base engine settings host/io host/journal host/store host/net host/control "
                   "host/black_box host/wallboard media/orders.hpp",
}
TABLE = "tests/house/rules/arrows.py"
BEGIN, END = "<!-- arrows -->", "<!-- /arrows -->"


def arrows_of(table):
    return {room: set(seen.split()) for room, seen in table.items()}


def room_of(path):
    """Of a path below src: "host/io/fd.hpp" is of host/io."""
    parts = PurePosixPath(path).parts
    return "/".join(parts[:2]) if parts[0] == "host" and len(parts) > 2 else parts[0]


def rooms(tree):
    """Folders of src that have code."""
    return {room_of(path.removeprefix("src/")) for path in tree.under("src/", ".cpp", ".hpp")
            if "/" in path.removeprefix("src/")}


def follow_includes(tree, table=None):
    allowed = arrows_of(table or ARROWS)
    used = {room: set() for room in allowed}
    for path in tree.under("src/", ".cpp", ".hpp"):
        room = room_of(path.removeprefix("src/"))
        if room in allowed:
            yield from judge(tree, path, room, allowed, used)
    for room in sorted(allowed):
        for arrow in sorted(allowed[room] - used[room]):
            yield Finding(TABLE, 1, f"{room} may see {arrow} and does not", "take the arrow out")
    for room in sorted(rooms(tree) - set(allowed)):
        yield Finding("src/" + room, 1, f"the room {room} has no arrows",
                      f"give it a row in {TABLE}")


def judge(tree, path, room, allowed, used):
    for number, sign, name in includes(tree, path):
        seen = room_of(name)
        if sign == "<" or seen == room:
            continue
        arrow = next((a for a in (name, seen) if a in allowed[room]), None)
        if arrow:
            used[room].add(arrow)
        else:
            yield Finding(path, number, f"{room} may not see {name}",
                          "move what is needed to a room it may see; a new arrow is a decision: "
                          f"a row in {TABLE} and a number in src/README.md")


def told_in_readme(tree, table=None):
    path = "src/README.md"
    allowed = arrows_of(table or ARROWS)
    told, line = read_block(tree, path)
    for room in sorted(set(allowed) | set(told)):
        if allowed.get(room) != told.get(room):
            wanted = " ".join(sorted(allowed.get(room, {"(no such room)"})))
            yield Finding(path, line, f"the arrows of {room} are not those of {TABLE}",
                          f"write: {room} {wanted}")


def read_block(tree, path):
    """Rooms with their arrows between the marks; a line that is indented goes on."""
    told, line, inside = {}, 1, False
    room = None
    for number, text in tree.lines(path):
        if text == BEGIN:
            inside, line = True, number
        elif text == END:
            inside = False
        elif inside and text.strip() and not text.startswith("```"):
            words = text.split()
            if not text[0].isspace():
                room, words = words[0], words[1:]
            told.setdefault(room, set()).update(words)
    return told, line


ROOM = re.compile(r"^room\(([^)]*)\)", re.MULTILINE)
TARGETS = {"media_orders": "media/orders.hpp"}  # targets that are a part of a room


def linked_in_cmake(tree, table=None):
    """A room links the rooms it sees; a single header is seen without a link."""
    path = "CMakeLists.txt"
    allowed = arrows_of(table or ARROWS)
    text = tree.text(path)
    targets = {room.replace("/", "_"): room for room in allowed} | TARGETS
    for match in ROOM.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        room, *links = match[1].split()
        if room not in allowed:
            yield Finding(path, line, f"there is no room {room}", "take the line out")
            continue
        linked = {targets[link] for link in links if link in targets}
        linked = {arrow for arrow in linked if not arrow.startswith(room + "/")}  # its own parts
        for arrow in sorted(a for a in allowed[room] - linked if not a.endswith(".hpp")):
            yield Finding(path, line, f"{room} sees {arrow} and does not link it", "link it")
        for arrow in sorted(linked - allowed[room]):
            yield Finding(path, line, f"{room} links {arrow} and may not see it", "unlink it")


ASIO_ROOMS = ("src/host/", "src/holdfastd_main.cpp", "src/holdfast_media_main.cpp",
              "tests/unit/host/")
ASIO = re.compile(r"#\s*include\s*<asio[./]|\basio::")


def asio(tree):
    for path in tree.under("", ".cpp", ".hpp"):
        for number, line in tree.lines(path):
            if re.match(r"\s*#\s*include\s*<asio\.hpp>", line):
                yield Finding(path, number, "Asio's umbrella header costs 1.5 s a file",
                              "include the parts that are used")
            elif ASIO.search(line) and not path.startswith(ASIO_ROOMS):
                yield Finding(path, number, "Asio is for src/host alone",
                              "take a function or an effect, and let host do it")
