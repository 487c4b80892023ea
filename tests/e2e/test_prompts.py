"""What is said to people, as real phones hear it: greeting, comfort, the promise to a caller who is
held, and the answers to feature codes, each whole and in order, over every codec."""
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from lab.baresip import Baresip
from lab.exchange import PROGRAMS, TRUNK, Exchange
from lab.speech import RATE, find, sound_of

PROMPTS = PROGRAMS.resolve() / "prompts"
CODECS = {"A-law": "PCMA/8000/1", "G.722": "G722/16000/1", "Opus": "opus/48000/2"}
# Likeness of each quarter of a recording; a soft consonant that ends it has the least.
LEAST = {"A-law": 0.85, "G.722": 0.85, "Opus": 0.75}
QUIET = 0.03  # s of silence that ends each recording
CALLERS = ("2104", "2105", "2106")
# Who may call a queue is logged in; nobody calls theirs.
OTHERS = """
[[queue]]
name = "other"
numbers = ["200"]
""" + "".join(f"""
[[phone]]
name = "desk{number}"
password = "correct-horse"
[[agent]]
number = "{number}"
phone = "desk{number}"
queues = ["other"]
""" for number in CALLERS)
SPEECH = f"""
[speech]
language = "en"
prompts = "{PROMPTS}"
"""
QUEUE = f"""
greeting = "{PROMPTS}/en/enter_number.wav"
comfort = "{PROMPTS}/en/not_possible.wav"
comfort_every = "5s"
"""
# s between one word of a sentence and the next; G.722 settles for 50 ms before each.
TOGETHER = 0.08


class Prompts(unittest.TestCase):
    def setUp(self):
        self.exchange = Exchange(agents=("2101", "2102", "2103"), queue=QUEUE,
                                 trunks=TRUNK + OTHERS + SPEECH)
        self.addCleanup(self.exchange.close)
        self.agents, self.callers = {}, {}
        for n, (name, codec) in enumerate(CODECS.items()):
            self.agents[name] = self.phone(2101 + n, 5110 + 40 * n, codec)
            self.callers[name] = self.phone(CALLERS[n], 5130 + 40 * n, codec)

    def phone(self, number, port, codec):
        phone = Baresip(self.exchange.folder, f"desk{number}", 440, port=port, codecs=codec,
                        records=True)
        self.addCleanup(phone.stop)
        self.exchange.wait_for_phone(f"desk{number}")
        return phone

    def test_every_word_arrives_over_every_codec(self):
        time.sleep(2)  # until the recordings are loaded
        for caller in self.callers.values():
            self.exchange.ask("agent", agent=caller.user[4:], order="log_in")
            caller.dial("100")
        self.exchange.wait_for_call("queued", 3)  # behind the greeting
        time.sleep(7.5)  # of music, and a comfort
        with ThreadPoolExecutor() as pool:
            list(pool.map(self.serve, self.agents.values()))
        for name in CODECS:
            with self.subTest(name):
                self.check(name)

    def serve(self, agent):
        agent.dial_code("*45")
        time.sleep(1)  # recordings are named after the second
        agent.answer()
        time.sleep(1)
        agent.hold()
        agent.dial_code("*4725")
        time.sleep(0.5)  # the phone goes back to the caller by itself
        for digit in "*15":
            agent.press(digit)
            time.sleep(0.1)
        time.sleep(0.3)
        agent.hold()
        time.sleep(4.5)  # the promise is said after a second
        agent.hang_up()
        agent.wait_for_event("CALL_CLOSED")

    def check(self, name):
        for phones in (self.agents, self.callers):
            phones[name].stop()
        login, _, code = self.agents[name].heard()
        caller, = self.callers[name].heard()
        self.said(name, login, "logged_in", "ready")
        self.said(name, code, "hold_consult", "for_minutes", "n5", "minutes")
        self.said(name, caller, "enter_number")
        self.said(name, caller, "not_possible")
        # The promise of the second hold: the first hold ended before its own was said whole.
        self.said(name, caller, "back_in_about", "n5", "minutes", last=5)

    def said(self, name, path, *recordings, last=3600):
        heard, ended, least = sound_of(path)[-last * RATE:], None, 1.0
        for recording in recordings:
            place = find(heard, sound_of(PROMPTS / f"en/{recording}.wav"))
            least = min(least, place.likeness)
            self.assertGreater(place.likeness, LEAST[name], f"{recording} over {name} in {path}")
            if ended is not None:
                self.assertLess(abs(place.began - ended), TOGETHER, recording)
            ended = place.ended
        self.assertLess(ended, len(heard) / RATE + QUIET, "the phone was hung up before the end")
        print(f"{name}: {' '.join(recordings)}: {least:.3f}")


if __name__ == "__main__":
    unittest.main()
