"""The files of the repository, as the rules see them."""
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

NOT_OURS = {".git", "build", "__pycache__"}  # made by tools; .git may be a file
DATA = ("tests/fuzz/seeds/", "tests/interop/torture/rfc")  # bytes that others wrote


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    what: str
    todo: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.what}; {self.todo}"


class Tree:
    def __init__(self, root):
        self.root = Path(root)
        self.paths = sorted(self._walk())

    def _walk(self):
        for folder, below, names in os.walk(self.root):
            below[:] = set(below) - NOT_OURS
            if Path(folder) == self.root:
                below[:] = set(below) - {"run"}  # made by running
            for name in set(names) - NOT_OURS:
                path = (Path(folder) / name).relative_to(self.root).as_posix()
                if not path.startswith(DATA):
                    yield path

    def under(self, folder, *endings):
        """Paths in `folder` ("" for all) that end so."""
        return [path for path in self.paths
                if path.startswith(folder) and (not endings or path.endswith(endings))]

    def exists(self, path):
        return (self.root / path).exists()

    @lru_cache(maxsize=None)
    def text(self, path):
        """Empty where the file is no text."""
        data = (self.root / path).read_bytes()
        return "" if b"\0" in data else data.decode(errors="replace")

    def lines(self, path):
        """Pairs of number, from 1, and line."""
        return list(enumerate(self.text(path).splitlines(), 1))

    def scripts(self):
        """Shell scripts: they have no ending, but a first line."""
        return [path for path in self.paths
                if "." not in Path(path).name and self.text(path).startswith("#!")]
