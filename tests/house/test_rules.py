"""The code base against the rules of the house. Each line that breaks one is told with what to do.
usage: test_rules.py [unittest's arguments]"""
import unittest
from pathlib import Path

from rules.all import RULES
from rules.tree import Tree


class House(unittest.TestCase):
    longMessage = False

    def test_the_rules_of_the_house(self):
        tree = Tree(Path(__file__).resolve().parents[2])
        self.assertGreater(len(tree.paths), 100, f"no repository at {tree.root}")
        for name, rule in RULES.items():
            with self.subTest(rule=name):
                findings = list(map(str, rule(tree)))
                self.assertFalse(findings, "\n" + "\n".join(findings))


if __name__ == "__main__":
    unittest.main()
