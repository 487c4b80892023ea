"""What a caller hears whom a phone holds that goes on sending: our music alone; or the phone's own,
where the queue says so, be it from the phone or from a music server that it names (RFC 7088)."""
import time
import unittest

from lab.capture import Capture, heard_at, sip_messages
from lab.exchange import ADDRESS, CARRIER, PHONES, TRUNK, Exchange
from lab.odd_phones import Dialog, OddPhone, hung_up, is_called, pause, plays, registers, sdp
from lab.sipp import Caller, alaw_tone
from lab.sound import tones
from lab.tone_server import ToneServer

CALLER, AGENT, SERVER, MUSIC = 440, 660, 880, 330
# At an address that is not the phone's: what comes from there uncalled is not taken for its sound.
SERVES_AT = {"2101": 7100, "2102": 7102}
MORE = """
[[queue]]
name = "own music"
numbers = ["300"]
wrap_up = "0s"
hold_music = "phone"
[[phone]]
name = "desk2102"
password = "correct-horse"
[[agent]]
number = "2102"
phone = "desk2102"
queues = ["own music"]
"""
# Who talks, and what the caller hears: while it talks, holds and goes on sending, talks, holds and
# names the server, talks.
HEARS = {"2101": ("100", (AGENT, MUSIC, AGENT, MUSIC, AGENT)),
         "2102": ("300", (AGENT, AGENT, AGENT, SERVER, AGENT))}
EACH = 1.5  # s


def phone(number, tone):
    user = f"desk{number}"
    own = "[rtpstream_audio_port]"
    dialog = Dialog(user)
    scenario = is_called(user, answer=sdp(port=own)) + plays(tone) + pause(EACH * 1000)
    for version, *where in ((2, "[local_ip]", own), (4, CARRIER, SERVES_AT[number])):
        scenario += dialog.reinvite(sdp(version, where[0], "sendonly", where[1]))
        scenario += pause(EACH * 1000)
        scenario += dialog.reinvite(sdp(version + 1, port=own)) + pause(EACH * 1000)
    return scenario + hung_up()


class HoldMusic(unittest.TestCase):
    def test_who_is_held_hears_what_the_queue_says(self):
        exchange = Exchange(music_hertz=MUSIC, trunks=TRUNK + MORE, wrap_up="0s",
                            registrar='options_every = "0s"')
        self.addCleanup(exchange.close)
        capture = Capture(exchange.folder)
        tone = exchange.folder / "agent.alaw"
        tone.write_bytes(alaw_tone(AGENT))
        ports = {"2101": 5070, "2102": 5072}
        for number, port in ports.items():
            registered = OddPhone(exchange.folder, f"registers{number}", port,
                                  registers(f"desk{number}"))
            self.assertEqual(registered.wait(), 0, registered.trouble())
            exchange.ask("agent", agent=number, order="log_in")
        phones = {number: OddPhone(exchange.folder, number, port, phone(number, tone))
                  for number, port in ports.items()}
        time.sleep(0.2)
        callers = {number: Caller(exchange.folder, dialled, CALLER, 5 * EACH + 0.3,
                                  f"0309{number}", f"caller{number}", 5080 + 2 * index)
                   for index, (number, (dialled, _)) in enumerate(HEARS.items())}
        exchange.wait_for_call("talking", 2)
        servers = [ToneServer((CARRIER, SERVES_AT[number]),
                              (ADDRESS, phones[number].media_of_exchange()), SERVER)
                   for number in phones]
        for number, caller in callers.items():
            self.assertEqual(caller.wait(), 0)
            self.assertEqual(phones[number].wait(), 0, phones[number].trouble())
        for server in servers:
            server.stop()
        exchange.verify()
        packets = capture.stop()
        messages = list(sip_messages(packets))
        for index, (number, (_, hears)) in enumerate(HEARS.items()):
            self.check(packets, messages, ports[number], 5080 + 2 * index, hears)

    def check(self, packets, messages, port, caller_port, hears):
        offer = next(m for m in messages if m.source == (CARRIER, caller_port) and m.media_port())
        # When the phone answered, and when it acknowledged each change.
        changes = [m.time for m in messages if m.source == (PHONES, port) and
                   (m.start.startswith("ACK") or m.status == 200 and m.method == "INVITE")]
        ends = next(m.time for m in messages
                    if m.source == (CARRIER, caller_port) and m.start.startswith("BYE"))
        self.assertEqual(len(changes), len(hears))
        for hertz, since, until in zip(hears, changes, changes[1:] + [ends]):
            with self.subTest(phone=port, expected=hertz):
                heard = tones(heard_at(packets, (CARRIER, offer.media_port()), since + 0.25,
                                       until - 0.05), (CALLER, AGENT, SERVER, MUSIC))
                self.assertEqual(set(heard), {hertz})


if __name__ == "__main__":
    unittest.main()
