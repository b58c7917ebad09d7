"""What the tests share. They test the built wheel and the built site: `make test` builds both first."""

from __future__ import annotations

import functools
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import smtpcodes

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "site"
WHEEL = ROOT / "build" / "wheel"
LANGUAGES = ("en", "nl")

# Those with real servers are for `make test-servers`.
collect_ignore = ["servers"]

if not Path(smtpcodes.__file__).is_relative_to(WHEEL):
    pytest.exit("The tests import smtpcodes from the built wheel: run `make test`.", returncode=4)
if not (SITE / "en" / "index.html").exists():
    pytest.exit("There is no built site: run `make test`.", returncode=4)


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that copies what people write, with changes: (file, old, new) each."""

    def copy(*changes: tuple[str, str, str]) -> Path:
        for name in ("codes", "locales"):
            shutil.copytree(ROOT / name, tmp_path / name, dirs_exist_ok=True)
        for name, old, new in changes:
            path = tmp_path / name
            text = path.read_text(encoding="utf-8")
            assert old in text, f"{name} no longer holds {old!r}"
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return tmp_path

    return copy


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Serve the built site, the way `make serve` does, and return its address."""
    from tools.serve import Handler, Server

    class Quiet(Handler):
        def log_message(self, *args: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), functools.partial(Quiet, directory=str(SITE)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
