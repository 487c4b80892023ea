"""Thirty deaths under load; `lab/enter python3 kills.py --kills 1000` for more."""
import unittest

import kills


class Kills(unittest.TestCase):
    def test_the_ledger_has_what_clients_saw(self):
        judged, faults = kills.run(30, media_share=0.1)
        self.assertEqual(faults, [])
        self.assertGreater(judged, 300)


if __name__ == "__main__":
    unittest.main()
