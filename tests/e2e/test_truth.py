"""The ledger against the wire, in small: see truth.py, which does so with any number of calls, and
over TCP and TLS."""
import unittest

import truth


class Truth(unittest.TestCase):
    def test_every_boundary_is_where_the_packets_say(self):
        compared, acts = truth.run(calls=60, pairs=4, linphones=1)
        self.assertEqual(compared.faults, [])
        self.assertEqual(compared.remainder, 0)
        self.assertGreater(compared.lanes, 50)
        for act, times in acts.items():
            self.assertGreater(times, 0, f"nobody did {act}")
        found = compared.distances("udp", "rtp")
        self.assertGreater(len(found), 250)
        self.assertLess(truth.at(found, 99), 0.001, f"99 of 100 within 1 ms; the worst are "
                                                    f"{found[-5:]}")


if __name__ == "__main__":
    unittest.main()
