"""How long files, functions and lines may be."""
import ast

from .cpp import functions
from .tree import Finding

MOST_LINES, MOST_FUNCTION, MOST_COLUMNS = 400, 60, 100

# Tables may be as long, and as wide, as they are. Each with its reason.
LONG_FILES = {}
WIDE_FILES = {
    "src/base/fields.hpp": "one row for each count of fields, up to 24",
    "src/report/figures.cpp": "one row for each figure, with its formula",
    "src/report/figures.hpp": "one row of enumerators",
    "src/wallboard/values.cpp": "one row for each value, with its meaning",
    ".clang-format": "one expression names every library",
    "tests/e2e/lab/baresip.py": "a sentence that a failing test says",
    "tests/e2e/lab/exchange.py": "a request of the control socket, as it is written there",
    "tests/e2e/lab/linphone.py": "a sentence",
    "tests/e2e/lab/sound.py": "a sentence",
    "tests/e2e/test_phone.py": "a condition that reads as one",
    "tests/e2e/test_queue_call.py": "a sentence",
    "tests/e2e/test_truth.py": "the command line of a program",
}

CODE = (".cpp", ".hpp", ".py", ".cmake", "CMakeLists.txt")
PROSE = (".toml", ".toml.in", ".md", ".clang-format", ".clang-tidy")


def code(tree):
    return tree.under("", *CODE) + tree.scripts()


def files(tree):
    for path in code(tree):
        length = len(tree.lines(path))
        if length > MOST_LINES and path not in LONG_FILES:
            yield Finding(path, length, f"the file has {length} lines, {MOST_LINES} are allowed",
                          "split it by concept; a table is named in tests/house/rules/sizes.py")
        if length <= MOST_LINES and path in LONG_FILES:
            yield Finding(path, 1, "the file is short enough, but stands among the long ones",
                          "take it out of LONG_FILES in tests/house/rules/sizes.py")


def function_sizes(tree):
    for path in tree.under("", ".cpp", ".hpp"):
        for function in functions(tree.text(path)):
            yield from too_long(path, function.name, function.line, function.length)
    for path in tree.under("", ".py"):
        for node in ast.walk(ast.parse(tree.text(path))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield from too_long(path, node.name, node.lineno,
                                    node.end_lineno - node.lineno + 1)


def too_long(path, name, line, length):
    if length > MOST_FUNCTION:
        yield Finding(path, line, f"{name} has {length} lines, {MOST_FUNCTION} are allowed",
                      "give its parts names of their own")


def columns(tree):
    for path in code(tree) + tree.under("", *PROSE):
        if path not in WIDE_FILES:
            yield from wide_lines(tree, path)


def wide_lines(tree, path):
    prose, fenced = path.endswith(".md"), False
    for number, line in tree.lines(path):
        if prose and line.startswith("```"):
            fenced = not fenced
        if prose and (fenced or line.startswith("|")):
            continue  # neither drawings nor tables can be folded
        if len(line) > MOST_COLUMNS:
            yield Finding(path, number, f"{len(line)} columns, {MOST_COLUMNS} are allowed",
                          "fold the line")


def exemptions(tree):
    for path in [*LONG_FILES, *WIDE_FILES]:
        if not tree.exists(path):
            yield Finding("tests/house/rules/sizes.py", 1, f"{path} is exempt and does not exist",
                          "take it out of the table")
