"""What the READMEs say must be there."""
import re
import sqlite3
from pathlib import PurePosixPath

from .arrows import rooms
from .tree import Finding

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
NAMED = re.compile(r"`([\w./-]+)`")
TARGET = re.compile(r"add_executable\(([\w-]+)")
BUILT = re.compile(r"build/\w+/([\w-]+)")


def there_is_one(tree):
    """Each room has a page; those below host share one."""
    for room in sorted(rooms(tree)):
        path = "src/" + room.split("/")[0] + "/README.md"
        if not tree.exists(path):
            yield Finding(path, 1, f"the room {room} has no README",
                          "say in a page what it is for, its files, its contract and its limits")


def readmes(tree):
    return [path for path in tree.paths if PurePosixPath(path).name == "README.md"]


def links(tree):
    for path in readmes(tree):
        folder = PurePosixPath(path).parent
        for number, line in tree.lines(path):
            for target in LINK.findall(line):
                if "://" not in target and not tree.exists((folder / target).as_posix()):
                    yield Finding(path, number, f"the link to {target} leads nowhere",
                                  "name a file that is there")


def files(tree):
    """A path in a README is one from its own folder, from src, or from the top."""
    for path in readmes(tree):
        folder = PurePosixPath(path).parent.as_posix()
        for number, line in tree.lines(path):
            for name in NAMED.findall(line):
                if is_path(tree, name) and not known(tree, folder, name):
                    yield Finding(path, number, f"there is no {name}",
                                  "name a file that is there, by its path from src or the top")


def is_path(tree, name):
    """What is meant as one: it ends as sources do, or begins with a folder of ours."""
    first = name.split("/")[0]
    return name.endswith((".hpp", ".cpp", ".py")) or (
        "/" in name and first in ("src", "tests", "tools"))


def known(tree, folder, name):
    places = [folder, "src", "."]
    if folder == "src/host":  # one page for the rooms below
        places += sorted({PurePosixPath(p).parent.as_posix() for p in tree.under("src/host/")})
    if folder == "src":  # told by files: the room was said in the same step
        places += ["src/" + room for room in rooms(tree)]
    return any(tree.exists(f"{place}/{name}") for place in places)


def programs(tree):
    """Each program that a README names is built, and each that is built stands in src/README.md."""
    targets = {name for path in tree.under("", "CMakeLists.txt")
               for name in TARGET.findall(tree.text(path))}
    for path in readmes(tree):
        for number, line in tree.lines(path):
            for name in BUILT.findall(line):
                if name not in targets | {"tests"}:
                    yield Finding(path, number, f"no target makes {name}",
                                  "name a program of CMakeLists.txt")
    yield from table_of_programs(tree)


def table_of_programs(tree):
    path = "src/README.md"
    built = TARGET.findall(tree.text("CMakeLists.txt"))
    told = {}
    section = ""
    for number, line in tree.lines(path):
        section = line if line.startswith("## ") else section
        match = re.match(r"\| `([\w-]+)` \|", line)
        if section == "## Programs" and match:
            told[match[1]] = number
    for name in sorted(set(told) - set(built)):
        yield Finding(path, told[name], f"no target makes {name}", "take the row out")
    for name in sorted(set(built) - set(told)):
        yield Finding(path, 1, f"the program {name} is not told", "give it a row under Programs")


SQL = re.compile(r"```sql\n(.*?)```", re.DOTALL)
STEP = re.compile(r'R"sql\((.*?)\)sql"', re.DOTALL)


def queries(tree):
    """What the ledger's page shows runs on a database of the schema."""
    path, schema = "src/ledger/README.md", "src/ledger/schema.hpp"
    if not tree.exists(schema):
        return
    database = sqlite3.connect(":memory:")
    for step in STEP.findall(tree.text(schema)):
        database.executescript(step)
    text = tree.text(path)
    for block in SQL.finditer(text):
        line = text.count("\n", 0, block.start()) + 1
        for query in filter(str.strip, block[1].split(";")):
            try:
                database.execute(query)
            except sqlite3.Error as error:
                yield Finding(path, line, f"a query fails: {error}",
                              "write it for the tables of src/ledger/schema.hpp")
