"""Phones on TLS whose sound is encrypted: what is on the wire is noise without the key, and both
sides hear each other; the media process may die meanwhile."""
import re
import time
import unittest

from lab.baresip import Baresip
from lab.capture import Capture, heard_at, rtp_to, sip_messages
from lab.exchange import ADDRESS, CARRIER, PHONES, Exchange
from lab.linphone import Linphonec
from lab.process import wait_for
from lab.sipp import Caller
from lab.sound import sound_window, tones

CALLER, AGENT = 440, 660


class Srtp(unittest.TestCase):
    def start(self, **sections):
        self.exchange = Exchange(**sections)
        self.addCleanup(self.exchange.close)
        self.capture = Capture(self.exchange.folder)

    def phone(self, **options):
        phone = Baresip(self.exchange.folder, "desk2101", AGENT,
                        config=f"sip_cafile {self.exchange.folder}/certificate.pem\n"
                               "module srtp.so",
                        account=";mediaenc=srtp-mand", **options)
        self.addCleanup(phone.stop)
        self.exchange.wait_for_phone()
        return phone

    def test_a_phone_that_asks_for_srtp_gets_it(self):
        self.start()
        phone = self.phone(server=f"{ADDRESS}:5061", transport="tls")
        phone.dial_code("*45")
        caller = Caller(self.exchange.folder, hertz=CALLER, hangs_up_after=9)
        phone.answer()
        self.exchange.wait_for_call("talking")
        windows = [sound_window(0.8, 1)]
        self.assertEqual(phone.process.said().count("failed to decrypt RTP"), 0)
        self.exchange.media.kill()
        self.exchange.start_media()
        wait_for("the media process to be up",
                 lambda: self.exchange.try_ask("status").get("media") == "up")
        windows.append(sound_window(0.8, 1))
        self.assertEqual(caller.wait(), 0)
        said = phone.process.said()
        self.assertIn("RTP/SAVP", said)
        self.assertIn("SRTP is Enabled", said)
        packets = self.capture.stop()
        offer = next(m for m in sip_messages(packets) if m.start.startswith("INVITE"))
        caller_at = (CARRIER, offer.media_port())
        for window in windows:
            # The caller is on plain RTP: what it hears was opened, what it says was protected.
            self.assertEqual(set(tones(heard_at(packets, caller_at, *window), (CALLER, AGENT))),
                             {AGENT})
            ports = {p.target for p in packets if p.target[0] == PHONES and
                     20000 < p.target[1] < 30000 and window[0] < p.time < window[1]}
            secret = [target for target in ports
                      if {p.kind for p in rtp_to(packets, target, *window)} == {8}]
            self.assertEqual(len(secret), 1)
            sizes = {len(p.payload) for p in rtp_to(packets, secret[0], *window)}
            self.assertEqual(sizes, {160 + 10})  # a tag of 80 bits behind 20 ms
            heard = set(tones(heard_at(packets, secret[0], *window), (CALLER, AGENT)))
            self.assertEqual(heard, {"other"}, "noise to whoever lacks the key")
        # The new media process begins with a new key, which the phone is told by re-INVITE. This
        # phone takes no second key, so that what it hears from then on is not judged here.
        # Its calls: the log-in and the caller's, which has two keys, the second by re-INVITE.
        bodies = [body for body in said.split("v=0")[1:] if f"IN IP4 {ADDRESS}" in body[:80]]
        ours = [re.search(r"a=crypto:1 \S+ (inline:\S{40})", body).group(1) for body in bodies]
        self.assertEqual(len(set(ours)), 3, ours)
        self.check_that_no_key_is_kept(said)

    def test_a_phone_takes_the_new_key_after_the_media_process_died(self):
        self.start(media='srtp = "required"')
        phone = Linphonec(self.exchange.folder, "desk2101", AGENT, transport="tls",
                          encryption="srtp")
        self.addCleanup(phone.stop)
        self.exchange.wait_for_phone()
        self.exchange.ask("agent", agent="2101", order="log_in")
        caller = Caller(self.exchange.folder, hertz=CALLER, hangs_up_after=8)
        self.exchange.wait_for_call("talking")
        windows, heard = [sound_window(0.8, 1)], []
        self.exchange.media.kill()
        self.exchange.start_media()
        wait_for("the media process to be up",
                 lambda: self.exchange.try_ask("status").get("media") == "up")
        time.sleep(1)  # of sound that may still be on its way
        heard.append(phone.recorded())
        windows.append(sound_window(0.8, 1))
        heard.append(phone.recorded())
        self.assertEqual(caller.wait(), 0)
        packets = self.capture.stop()
        offer = next(m for m in sip_messages(packets) if m.start.startswith("INVITE"))
        for window in windows:
            self.assertEqual(set(tones(heard_at(packets, (CARRIER, offer.media_port()), *window),
                                       (CALLER, AGENT))), {AGENT}, "what the phone says is opened")
        ours = re.findall(r"a=crypto:1 \S+ (inline:\S{40})", "".join(
            part for part in (phone.folder / "trace").read_text(errors="replace").split("v=0")
            if f"IN IP4 {ADDRESS}" in part[:80]))
        self.assertGreaterEqual(len(set(ours)), 2, "a second key")
        self.assertGreater(heard[1] - heard[0], 16000, "the phone hears something")
        self.assertEqual(set(tones(phone.heard(*heard), (CALLER, AGENT))), {CALLER},
                         "the phone opens what has the new key")

    def check_that_no_key_is_kept(self, said):
        keys = {line.split("inline:")[1].split("|")[0].strip() for line in said.splitlines()
                if "inline:" in line}
        self.assertGreaterEqual(len(keys), 2)
        self.exchange.daemon.stop()
        for path in (self.exchange.folder / "holdfastd.log", self.exchange.folder / "media.log",
                     self.exchange.folder / "state/black-box"):
            content = path.read_bytes()
            for key in keys:
                self.assertNotIn(key.encode(), content, f"a key in {path.name}")

    def test_over_udp_it_is_refused(self):
        self.start()
        phone = self.phone()
        phone.dial("*45")
        closed = phone.wait_for_event("CALL_CLOSED")
        self.assertIn("488", closed.get("param", ""))


if __name__ == "__main__":
    unittest.main()
