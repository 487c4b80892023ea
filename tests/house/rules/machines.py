"""Whether every state machine is drawn."""
import re

from .tree import Finding

MACHINE = re.compile(r"^struct Machine : Alphabet<", re.MULTILINE)
GOLDEN = "tests/golden/machines/"


def drawn(tree):
    """A header with machines is one that tools/machines includes, and each has its whole table."""
    drawer = tree.text("tools/machines/machines_main.cpp")
    count = 0
    for path in tree.under("src/", ".hpp"):
        machines = MACHINE.findall(tree.text(path))
        count += len(machines)
        if machines and f'#include "{path.removeprefix("src/")}"' not in drawer:
            yield Finding(path, 1, "its machine is not drawn",
                          "give it a line in tools/machines/machines_main.cpp")
    tables = len(tree.under(GOLDEN, ".txt"))
    if tables != count:
        yield Finding("tools/machines/machines_main.cpp", 1,
                      f"{count} machines are in src and {tables} tables in {GOLDEN}",
                      "draw each once, and run machines --update")
