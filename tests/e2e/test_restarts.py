"""Ten calls that talk, ten held, ten waiting; the daemon dies, and then the media process: no
packet is lost over the daemon's death, ports stay, and every dialog goes on as the ledger tells."""
import unittest

import restarts
from lab.process import wait_for

EACH = 10


class Restarts(unittest.TestCase):
    def test_calls_of_every_kind_go_on(self):
        exchange = restarts.population(EACH)
        self.addCleanup(exchange.close)
        crowds = restarts.Crowds(exchange, EACH)
        nurse, probe = restarts.Nurse(exchange), restarts.Probe()
        nurse.start()
        restarts.repeat(2, restarts.kill_daemon, crowds, probe, 0.3)
        wait_for("marks of each death in each caller's lane",
                 lambda: restarts.marked(exchange, "degraded") == 2 * 3 * EACH)
        restarts.repeat(1, restarts.kill_media, crowds, probe, 0.3)
        wait_for("marks of the silence in each caller's lane",
                 lambda: restarts.marked(exchange, "soundless") == 3 * EACH)
        crowds.go_on()
        nurse.over = True
        met = crowds.go_home()
        self.assertEqual(met["rtp_lost"], 0)
        # One for each leg, and the same ever after; those who met last may have heard nothing yet.
        self.assertLessEqual(met["rtp_ports"], 6 * EACH)
        self.assertGreaterEqual(met["rtp_ports"], 5 * EACH)
        self.assertEqual(restarts.ways(exchange), restarts.expected_ways(EACH))
        exchange.verify()


if __name__ == "__main__":
    unittest.main()
