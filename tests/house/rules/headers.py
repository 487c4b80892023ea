"""What a C++ file begins with."""
import re
from pathlib import PurePosixPath

from .tree import Finding

INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


def includes(tree, path):
    """Triples of line, "<" or a quote, and what is included."""
    for number, line in tree.lines(path):
        match = INCLUDE.match(line)
        if match:
            yield number, match[1], match[2]


def pragma_once(tree):
    for path in tree.under("", ".hpp"):
        first = next(((number, line) for number, line in tree.lines(path)
                      if line and not line.startswith("//")), (1, ""))
        if first[1] != "#pragma once":
            yield Finding(path, first[0], "the first line of code is not #pragma once",
                          "put it there, below the comment that says what the file is for")


def own_header_first(tree):
    """A source of src that has a header of its name begins with it, so that the header is proven to
    stand alone; one that shares a header includes one of its room."""
    for path in tree.under("src/", ".cpp"):
        room = PurePosixPath(path).parent.relative_to("src").as_posix()
        if room != ".":  # where the mains of programs are
            yield from judge(tree, path, room)


def judge(tree, path, room):
    all_of_them = list(includes(tree, path))
    own = path.removesuffix(".cpp") + ".hpp"
    name = own.removeprefix("src/")
    if tree.exists(own):
        line, *first = all_of_them[0] if all_of_them else (1,)
        if first != ['"', name]:
            yield Finding(path, line, "its own header is not included first",
                          f'begin with #include "{name}"')
    elif not any(sign == '"' and name.startswith(room + "/") for _, sign, name in all_of_them):
        yield Finding(path, 1, f"it includes no header of its room, {room}",
                      "include the header that declares what is defined here")
