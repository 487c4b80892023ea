"""A telephone company's registrar and gateway, written from RFC 3261 and 2617 and sharing no code
with the product: challenges REGISTER and INVITE, and remembers what it was told."""
import hashlib
import re
import socket
import threading


def _md5(text):
    return hashlib.md5(text.encode()).hexdigest()


class Provider:
    def __init__(self, address, port, user, password, realm="provider.example"):
        self.user, self.password, self.realm = user, password, realm
        self.nonce = "n" + _md5(f"{address}{port}")
        self.address, self.port = address, port
        self.registered, self.called, self.ended, self.wrong = [], [], [], 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, port))
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            message, source = self.socket.recvfrom(65535)
            text = message.decode()
            if text.strip() and not text.startswith("SIP/2.0"):
                self._answer(text, source)

    def _answer(self, request, source):
        method = request.split()[0]
        if method in ("REGISTER", "INVITE") and not self._authorized(request, method):
            status, name = (401, "WWW") if method == "REGISTER" else (407, "Proxy")
            return self._respond(request, source, f"{status} Who are you", [
                f'{name}-Authenticate: Digest realm="{self.realm}", nonce="{self.nonce}", '
                f'algorithm=MD5, qop="auth"'])
        if method == "REGISTER":
            self.registered.append(self._header(request, "Contact"))
            return self._respond(request, source, "200 OK", [
                f"Contact: {self._header(request, 'Contact')};expires=120"])
        if method == "INVITE":
            self.called.append(request)
            return self._respond(request, source, "200 OK", [
                f"Contact: <sip:gateway@{self.address}:{self.port}>",
                "Content-Type: application/sdp"],
                "v=0\r\no=- 1 1 IN IP4 {0}\r\ns=-\r\nc=IN IP4 {0}\r\nt=0 0\r\n"
                "m=audio 7000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n".format(self.address))
        if method == "BYE":
            self.ended.append(request)
        if method != "ACK":
            self._respond(request, source, "200 OK")

    @staticmethod
    def _header(message, name):
        found = re.search(rf"^{name}\s*:\s*(.*?)\r$", message, re.MULTILINE | re.IGNORECASE)
        return found.group(1) if found else ""

    def _authorized(self, request, method):
        given = self._header(request, "Authorization") or \
            self._header(request, "Proxy-Authorization")
        if not given:
            return False
        fields = dict(re.findall(r'(\w+)="?([^",]*)"?', given))
        first = _md5(f"{self.user}:{self.realm}:{self.password}")
        second = _md5(f"{method}:{fields['uri']}")
        right = _md5(":".join((first, fields["nonce"], fields["nc"], fields["cnonce"], "auth",
                               second)))
        good = (fields["username"], fields["realm"], fields["nonce"], fields["response"]) == \
            (self.user, self.realm, self.nonce, right)
        self.wrong += not good
        return good

    def _respond(self, request, source, status, headers=(), body=""):
        head, _, _ = request.partition("\r\n\r\n")
        lines = [f"SIP/2.0 {status}"]
        for line in head.split("\r\n")[1:]:
            name = line.partition(":")[0].strip().lower()
            if name in ("via", "from", "call-id", "cseq", "record-route"):
                lines.append(line)
            if name == "to":
                lines.append(line if "tag=" in line else line + ";tag=provider")
        lines += [*headers, f"Content-Length: {len(body)}", "", body]
        self.socket.sendto("\r\n".join(lines).encode(), source)
