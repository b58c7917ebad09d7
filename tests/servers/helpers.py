"""Three small servers that a mail server talks to: one that takes or refuses mail, and two that say who may send."""

from __future__ import annotations

import contextlib
import re
import socketserver
import threading
from collections.abc import Iterator

from tests.servers.running import wait_for

REFUSALS = {
    b"unknown": b"550 5.1.1 <unknown@sink.test>: Recipient address rejected: User unknown in virtual mailbox table",
    b"full": b"552 5.2.2 <full@sink.test>: Mailbox is full / Over quota",
    b"blocked": b"554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
    b"old": b"550 No such user here",
    b"grey": b"450 4.2.0 <grey@sink.test>: Recipient address rejected: Greylisted, see http://postgrey.example/help",
    b"busy": b"452 4.2.2 The email account that you tried to reach is over quota",
    b"slow": b"421 4.7.0 mx.sink.test Error: too many connections from 192.0.2.1",
}
"""What the sink answers to a local part; it takes everybody else's mail."""


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


class Sink(_Server):
    """Refuse mail by the name of the recipient, and keep what it takes: the bounces that come back."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _SinkHandler)
        self.port: int = self.server_address[1]
        self.messages: list[bytes] = []

    def bounce(self, recipient: str, action: str, log: object = str) -> bytes:
        """Return the bounce that names this recipient and action, as soon as it has come."""
        words = re.compile(
            rb"^Final-Recipient: *rfc822; *%s\b.*?^Action: *%s\b|^Action: *%s\b.*?^Final-Recipient: *rfc822; *%s\b"
            % (name := re.escape(recipient.encode()), action.encode(), action.encode(), name),
            re.M | re.S | re.I,
        )
        return wait_for(
            f"The message that {recipient} is {action}",
            lambda: next((one for one in list(self.messages) if words.search(one)), None),
            log,  # type: ignore[arg-type]
        )


class _SinkHandler(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self._talk()

    def _talk(self) -> None:
        self.wfile.write(b"220 mx.sink.test ESMTP\r\n")
        for line in self.rfile:
            verb = line[:4].upper()
            local = re.match(rb"RCPT TO:<([^@>]*)", line, re.I)
            answer = REFUSALS.get(local.group(1)) if local else None
            if verb == b"EHLO":
                answer = b"250 mx.sink.test"
            elif verb == b"DATA":
                self.wfile.write(b"354 Go ahead\r\n")
                self.server.messages.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            elif verb == b"QUIT":
                self.wfile.write(b"221 2.0.0 Bye\r\n")
                return
            self.wfile.write((answer or b"250 2.0.0 Ok") + b"\r\n")


class Accounts(_Server):
    """Speak the protocol with which Postfix asks Dovecot for passwords: only `alice` has one."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _AccountsHandler)
        self.port: int = self.server_address[1]


class _AccountsHandler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self.wfile.write(b"VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t00\nDONE\n")
            for line in self.rfile:
                verb, number, *words = line.rstrip(b"\n").split(b"\t")
                if verb != b"AUTH":
                    continue
                # "\0alice\0secret" in base64
                right = any(word.startswith(b"resp=AGFsaWNlAHNlY3JldA") for word in words)
                self.wfile.write(b"OK\t%s\tuser=alice\n" % number if right else b"FAIL\t%s\n" % number)


@contextlib.contextmanager
def serving(server: _Server) -> Iterator[None]:
    """Let a small server answer for as long as the block lasts."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
