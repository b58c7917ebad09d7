"""Serve the built site on this machine, with the right 404 page and without noise."""

import argparse
import errno
import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "site"


class Handler(SimpleHTTPRequestHandler):
    """Answer as a plain web host would, so that what works here works there."""

    protocol_version = "HTTP/1.1"
    # Written out, because the system's own table differs from machine to machine.
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".woff2": "font/woff2",
        ".xml": "application/xml",
    }

    def end_headers(self) -> None:
        """Forbid caching, so that a rebuilt page shows at once."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def list_directory(self, path: Any) -> None:
        """Answer 404 for a directory without a page: a web host lists nothing either."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send the site's own 404 page, the one nearest to the address, so that it is in the reader's language."""
        page = self.not_found_page() if code == HTTPStatus.NOT_FOUND else None
        if page is None:
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.log_error("%d %s", code, self.path)
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def not_found_page(self) -> Path | None:
        """Return the nearest 404.html at or above the address asked for, or None where the site has none."""
        site = Path(self.directory)
        asked = Path(self.translate_path(self.path))
        inside = [folder for folder in asked.parents if folder.is_relative_to(site)]
        return next((page for folder in inside if (page := folder / "404.html").is_file()), None)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep silent about what went well: what failed should stand out."""

    def log_message(self, format: str, *args: Any) -> None:
        """Write one short line on stderr, because the date and the client's address say nothing here."""
        print("  " + format % args, file=sys.stderr)


class Server(ThreadingHTTPServer):
    """Serve each request in a thread of its own, because a browser asks for many files at once."""

    daemon_threads = True
    # A browser opens six connections at once; what does not fit the default queue of five hangs for seconds.
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a browser that hangs up early, which it does at every quick click."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def make_server(site: Path = SITE, host: str = "127.0.0.1", port: int = 0) -> Server:
    """Return a server that is bound but not yet running; port 0 takes a free one, which is what a test wants."""
    return Server((host, port), partial(Handler, directory=str(site)))


def addresses(site: Path, host: str, port: int) -> list[str]:
    """Return the address of the site and of each language in it, for people to click on."""
    base = f"http://{host}:{port}/"
    return [base, *(f"{base}{page.parent.name}/" for page in sorted(site.glob("*/index.html")))]


def fail(message: str) -> NoReturn:
    """End with a sentence for the person at the terminal: a traceback tells them nothing."""
    sys.exit(message)


def main(arguments: list[str] | None = None) -> None:
    """Serve until Ctrl-C, which is the normal end and no error."""
    parser = argparse.ArgumentParser(prog="python -m tools.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="default: %(default)s")
    parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s, this machine only")
    parser.add_argument("--dir", type=Path, default=SITE, help="default: site/")
    options = parser.parse_args(arguments)
    site = options.dir.resolve()
    if not (site / "index.html").is_file():
        fail(f"There is no site in {site}. Build it first: make site")
    try:
        server = make_server(site, options.host, options.port)
    except OverflowError:
        fail(f"{options.port} is not a port: take a number up to 65535.")
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            fail(f"Port {options.port} is taken. Choose another: make serve PORT={min(options.port + 1, 65535)}")
        fail(f"Cannot serve on {options.host}, port {options.port}: {error.strerror}")
    with server:
        print("The site is at (Ctrl-C ends):")
        for address in addresses(site, options.host, server.server_port):
            print(f"  {address}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
