"""Whether the rules bite: small made-up trees, each breaking one rule, and a tree that breaks none.
usage: test_bites.py [unittest's arguments]"""
import tempfile
import unittest
from pathlib import Path

from rules import arrows, headers, machines, readmes, sizes, words
from rules.cpp import functions
from rules.tree import Tree

HEADER = "// a/a.hpp: for the test.\n#pragma once\n"
MACHINE_PATH = "/" + "home/someone/holdfast"  # in pieces: this file keeps the rules too
UNFINISHED = "// TO" + "DO later\n"
TABLE = {"a": "", "b": "a c/one.hpp", "c": "", "host/d": "b"}
CMAKE = "room(a)\nroom(b a)\nroom(c)\nroom(host/d b)\nadd_executable(prog main.cpp)\n"
README = """# Made up
<!-- arrows -->
```
a
b          a
           c/one.hpp
c
host/d     b
```
<!-- /arrows -->
## Programs
| `prog` | `holdfastd_main.cpp` |
"""
CLEAN = {
    "CMakeLists.txt": CMAKE,
    "src/README.md": README,
    "src/holdfastd_main.cpp": '#include "host/d/d.hpp"\n#include <asio/io_context.hpp>\n',
    "src/a/README.md": "[up](../README.md), `a.hpp`, `src/a/a.cpp`; not a path: `and/or`\n",
    "src/a/a.hpp": HEADER,
    "src/a/a.cpp": '#include "a/a.hpp"\n\nint one() {\n    return 1;\n}\n',
    "src/b/README.md": "b\n",
    "src/b/b.hpp": HEADER + '#include "a/a.hpp"\n#include "c/one.hpp"\n',
    "src/b/part.cpp": '#include <string>\n#include "b/b.hpp"\n',
    "src/c/README.md": "c\n",
    "src/c/one.hpp": HEADER,
    "src/host/README.md": "host: `d.hpp`\n",
    "src/host/d/d.hpp": HEADER + '#include "b/b.hpp"\n#include <asio/post.hpp>\n',
    "tools/go": "#!/bin/sh\n",
    "tools/machines/machines_main.cpp": "int main() {\n}\n",
}


class Bites(unittest.TestCase):
    def tree(self, **changes):
        """The clean tree with other files; None takes one out."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for path, text in (CLEAN | changes.get("files", {})).items():
            if text is not None:
                place = Path(folder.name) / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text)
        return Tree(folder.name)

    def found(self, rule, files, *table):
        return [f"{f.path}:{f.line}" for f in rule(self.tree(files=files), *table)]

    def check(self, rule, path, text, line, *table):
        """The file breaks the rule at the line, and nothing else does."""
        self.assertEqual(self.found(rule, {path: text}, *table), [f"{path}:{line}"])

    def test_a_clean_tree_has_no_findings(self):
        for rule in (sizes.files, sizes.function_sizes, sizes.columns, headers.pragma_once,
                     headers.own_header_first, words.unfinished, words.machine_paths, arrows.asio,
                     readmes.there_is_one, readmes.links, readmes.files, readmes.programs):
            self.assertEqual(self.found(rule, {}), [], rule.__name__)
        for rule in (arrows.follow_includes, arrows.told_in_readme, arrows.linked_in_cmake):
            self.assertEqual(self.found(rule, {}, TABLE), [], rule.__name__)

    def test_a_finding_says_where_what_and_what_to_do(self):
        finding = next(words.unfinished(self.tree(files={"src/a/a.hpp": HEADER + UNFINISHED})))
        self.assertRegex(str(finding), r"^src/a/a\.hpp:3: .* unfinished; do it, or say")

    def test_long_files(self):
        self.check(sizes.files, "src/a/long.cpp", "int x;\n" * 401, 401)
        self.check(sizes.files, "tool", "#!/bin/sh\n" + "true\n" * 400, 401)
        self.assertEqual(self.found(sizes.files, {"src/a/a.cpp": "int x;\n" * 400}), [])

    def test_long_functions(self):
        body = "    ++x;\n"
        self.check(sizes.function_sizes, "src/a/f.cpp",
                   "int x;\n\nvoid f() {\n" + body * 59 + "}\n", 3)
        self.assertEqual(self.found(sizes.function_sizes,
                                    {"src/a/f.cpp": "void f() {\n" + body * 58 + "}\n"}), [])
        self.check(sizes.function_sizes, "t.py", "def f():\n" + "    pass\n" * 60, 1)

    def test_wide_lines(self):
        wide = "x" * 101
        self.check(sizes.columns, "src/a/w.cpp", "\n// " + wide + "\n", 2)
        self.check(sizes.columns, "tools/go", "#!/bin/sh\n# " + wide + "\n", 2)
        self.check(sizes.columns, "src/c/README.md",
                   f"| {wide} |\n```\n{wide}\n```\n{wide}\n", 5)
        self.assertEqual(self.found(sizes.columns, {"src/a/w.cpp": "ä" * 100}), [])

    def test_exemptions_of_what_is_not_there(self):
        self.assertIn("tests/house/rules/sizes.py:1", self.found(sizes.exemptions, {}))

    def test_arrows_against_the_table(self):
        self.check(arrows.follow_includes, "src/a/bad.hpp", HEADER + '#include "c/one.hpp"\n', 3,
                   TABLE)
        self.check(arrows.follow_includes, "src/b/bad.cpp",  # one header is not the whole room
                   '#include "b/b.hpp"\n#include "c/two.hpp"\n', 2, TABLE)
        self.check(arrows.follow_includes, "src/b/up.hpp", HEADER + '#include "host/d/d.hpp"\n', 3,
                   TABLE)

    def test_arrows_that_nobody_uses_and_rooms_without_arrows(self):
        self.assertEqual(self.found(arrows.follow_includes, {}, TABLE | {"c": "a"}),
                         ["tests/house/rules/arrows.py:1"])
        self.assertEqual(self.found(arrows.follow_includes, {"src/e/e.hpp": HEADER}, TABLE),
                         ["src/e:1"])

    def test_arrows_in_the_readme(self):
        self.check(arrows.told_in_readme, "src/README.md",
                   README.replace("host/d     b", "host/d     b a"), 2, TABLE)
        self.check(arrows.told_in_readme, "src/README.md", README.replace("c\nhost", "host"), 2,
                   TABLE)

    def test_arrows_in_cmake(self):
        for wrong in ("room(b)", "room(b a c)", "room(b a)\nroom(gone a)"):
            found = self.found(arrows.linked_in_cmake,
                               {"CMakeLists.txt": CMAKE.replace("room(b a)", wrong)}, TABLE)
            self.assertEqual(found, [f"CMakeLists.txt:{3 if 'gone' in wrong else 2}"], wrong)

    def test_asio_outside_host(self):
        self.check(arrows.asio, "src/b/loop.cpp", '#include "b/b.hpp"\n#include <asio/post.hpp>\n',
                   2)
        self.check(arrows.asio, "tools/t.cpp", "\nasio::io_context io;\n", 2)
        self.check(arrows.asio, "src/host/d/all.cpp", "#include <asio.hpp>\n", 1)

    def test_headers(self):
        self.check(headers.pragma_once, "src/a/guard.hpp", "// Says.\n#ifndef A\n", 2)
        self.check(headers.own_header_first, "src/a/a.cpp",
                   '#include <string>\n#include "a/a.hpp"\n', 1)
        self.check(headers.own_header_first, "src/a/a.cpp", "int x;\n", 1)
        self.check(headers.own_header_first, "src/b/part.cpp", '#include "a/a.hpp"\n', 1)

    def test_words(self):
        self.check(words.unfinished, "src/a/n.hpp", HEADER + UNFINISHED, 3)
        self.check(words.machine_paths, "tools/go", f"#!/bin/sh\ncd {MACHINE_PATH}\n", 2)
        self.check(words.machine_paths, "src/a/p.cpp", f'\n\nauto p = "{MACHINE_PATH}";\n', 3)
        harmless = "src/home/x, https://a.example/home, homework\n"
        self.assertEqual(self.found(words.machine_paths, {"README.md": harmless}), [])

    def test_readmes(self):
        self.assertEqual(self.found(readmes.there_is_one, {"src/c/README.md": None}),
                         ["src/c/README.md:1"])
        self.check(readmes.links, "src/c/README.md", "c\n\n[there](../nowhere.md)\n", 3)
        self.check(readmes.files, "src/c/README.md", "c\n`gone.hpp`\n", 2)
        self.check(readmes.files, "src/c/README.md", "`tools/gone`\n", 1)

    def test_programs(self):
        self.check(readmes.programs, "README.md", "run it:\nbuild/release/other\n", 2)
        self.check(readmes.programs, "src/README.md", README + "| `ghost` | x |\n", 13)
        self.check(readmes.programs, "src/README.md", README.replace("| `prog` |", "|"), 1)

    def test_queries(self):
        schema = 'steps{R"sql(CREATE TABLE segment (row INTEGER);)sql"};\n'
        page = "\n```sql\nSELECT row FROM segment;\nSELECT gone FROM segment;\n```\n"
        files = {"src/ledger/schema.hpp": schema, "src/ledger/README.md": page}
        self.assertEqual(self.found(readmes.queries, files), ["src/ledger/README.md:2"])

    def test_machines(self):
        header = HEADER + "struct Machine : Alphabet<State> {};\n"
        drawer = '#include "a/machine.hpp"\n'
        files = {"src/a/machine.hpp": header, "tools/machines/machines_main.cpp": drawer,
                 "tests/golden/machines/a.txt": ""}
        self.assertEqual(self.found(machines.drawn, files), [])
        self.assertEqual(self.found(machines.drawn, files | {"src/a/second.hpp": header}),
                         ["src/a/second.hpp:1", "tools/machines/machines_main.cpp:1"])


class Functions(unittest.TestCase):
    """The reader of C++ that long functions are found by."""

    def check(self, text, *expected):
        self.assertEqual([(f.name, f.line, f.length) for f in functions(text)], list(expected))

    def test_plain_members_and_operators(self):
        self.check("namespace a {\nint f(int x) {\n    if (x) {\n    }\n}\n}\n", ("f", 2, 4))
        self.check("struct S {\n    int g() const { return 1; }\n    int x = 0;\n};\n", ("g", 2, 1))
        self.check("bool operator==(const S& a,\n                const S& b) {\n}\n",
                   ("bool operator==", 1, 3))

    def test_constructors_with_lists(self):
        self.check("S::S(int a)\n    : x_{a},\n      y_{std::vector<int>{a}} {\n    f();\n}\n",
                   ("S::S", 1, 5))
        self.check("S::S(int a) : x_(a) {\n}\nvoid f() {\n}\n", ("S::S", 1, 2), ("f", 3, 2))

    def test_what_is_no_function(self):
        self.check("const int table[] = {\n    {f(1)},\n};\nenum class E { a, b };\n")
        self.check("class A final : public B<f(1)> {\n};\n")
        self.check('#define M(x) {\nconst char* s = "void f() {";  // void g() {\n')
        self.check('auto s = R"sql(void f() { )sql";\nint n = 1\'000;\n')

    def test_lambdas_templates_and_test_cases(self):
        self.check("inline constexpr auto n = [](int x) {\n    return x;\n}(3);\n",
                   ("a lambda", 1, 3))
        self.check("template <class T>\nauto f(T t) -> int {\n}\n", ("f", 1, 3))
        self.check('TEST_CASE("a (b) {", "[c]") {\n    auto g = [] {\n    };\n}\n',
                   ("TEST_CASE", 1, 4))


if __name__ == "__main__":
    unittest.main()
