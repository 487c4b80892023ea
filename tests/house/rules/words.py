"""What may not stand in any file."""
import re

from .tree import Finding

# Put together from pieces, so that this file does not break its own rules.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX")) + r")\b")
MACHINE = re.compile(r"(?<![\w.:*<>/-])/(" + "|".join(("work", "home", "root")) + r")(?![\w-])")


def unfinished(tree):
    yield from found(tree, UNFINISHED, "is a note of something unfinished",
                     "do it, or say as a limit what is not done, in the room's README")


def machine_paths(tree):
    yield from found(tree, MACHINE, "names a folder of one machine",
                     "ask for the path, or compute it from the file's own place")


def found(tree, pattern, what, todo):
    for path in tree.paths:
        for number, line in tree.lines(path):
            match = pattern.search(line)
            if match:
                yield Finding(path, number, f'"{match[0]}" {what}', todo)
