"""Just enough of C++ to know where functions begin and end."""
import re
from dataclasses import dataclass

RAW = r'R"(?P<delimiter>[^()\\\s]{0,16})\(.*?\)(?P=delimiter)"'
QUOTED = r'"(?:\\.|[^"\\\n])*"'
# Not after a digit or letter: 1'000 is a number, and u'x' has a letter that may go too.
CHARACTER = r"(?<![0-9a-zA-Z_])'(?:\\.|[^'\\\n])+'"
COMMENT = r"//[^\n]*|/\*.*?\*/"
HIDDEN = re.compile("|".join((RAW, COMMENT, QUOTED, CHARACTER)), re.DOTALL)
PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)


def blank(match):
    """As many lines, nothing in them; a string stays one token."""
    kept = re.sub(r"[^\n]", " ", match[0])
    return kept if match[0].startswith("/") else '""' + kept[2:]


def bare(text):
    """The code without comments, preprocessor lines and what stands in strings."""
    return PREPROCESSOR.sub(blank, HIDDEN.sub(blank, text))


@dataclass(frozen=True)
class Function:
    name: str
    line: int
    length: int  # from the first line of its head to its last brace


TYPE = re.compile(r"\b(class|struct|union|enum|concept)\b(?!.*\)\s*(const|noexcept|override|final"
                  r"|->[^{}]*)*\s*$)", re.DOTALL)
PARENTHESES = re.compile(r"\([^()]*\)")
INITIALISED = re.compile(r"(?<![=!<>+\-*/%&|^])=(?!=)")


def without_parentheses(head):
    while True:
        shorter = PARENTHESES.sub("\x01", head)
        if shorter == head:
            return head
        head = shorter


def kind_of(head):
    """What a brace opens that follows `head` where functions may be defined."""
    if re.search(r"\b(namespace|extern)\b", head):
        return "scope"
    flat = re.sub(r"\boperator\s*\S+?(?=\x01)", "operator", without_parentheses(head))
    begins = INITIALISED.search(flat)
    if begins:  # a variable; where it is a lambda, as long as one
        return "function" if flat[begins.end():].lstrip().startswith("[") else "value"
    if "\x01" not in flat:
        return "scope" if TYPE.search(flat) else "value"
    if re.search(r"\x01[^\x01]*[^:]:(?!:)", flat) and re.search(r"[\w>]\s*$", flat):
        return "member"  # of a constructor's list
    a_type = TYPE.match(flat.lstrip()) and not flat.rstrip().endswith("\x01")
    return "scope" if a_type else "function"


def name_of(head):
    flat = without_parentheses(head)
    named = re.search(r"([\w:~]+(?:\s*operator\s*\S+)?)\s*\x01", flat)
    return named[1] if named else "a lambda"


def functions(text):
    """Every function that is not within another, members of classes included."""
    code = bare(text)
    found, stack = [], []
    head_at, depth = 0, 0
    for token in re.finditer(r"[{};()]|\b(?:public|private|protected):", code):
        sign, at = token[0], token.start()
        if sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "{":
            inside = depth > 0 or (stack and stack[-1][0] in ("function", "block", "value"))
            kind = "block" if inside else kind_of(code[head_at:at])
            stack.append((kind, head_at, depth))
            depth = 0
            if kind != "member":
                head_at = at + 1
        elif sign == "}" and stack:
            kind, began, depth = stack.pop()
            if kind == "function":
                found.append(measured(code, began, at))
            if kind != "member":
                head_at = at + 1
        elif depth == 0:
            head_at = token.end()
    return found


def measured(code, began, ended):
    began += len(code[began:ended]) - len(code[began:ended].lstrip())
    first = code.count("\n", 0, began) + 1
    last = code.count("\n", 0, ended) + 1
    return Function(name_of(code[began:code.index("{", began)]), first, last - first + 1)
