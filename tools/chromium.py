"""Find a Chromium for the browser tests, and install one where none is found.

The tests that open the site in a browser are never skipped in silence, so `make test` runs
this first: what it finds stands in `build/chromium-path`, and where nothing can be had the
run stops with the name of the package to install.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATH_FILE = ROOT / "build" / "chromium-path"

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

HELP = """\
No Chromium was found and none could be installed; the browser tests need one. Any of these will do:
  Debian           sudo apt-get install chromium
  Fedora           sudo dnf install chromium
  macOS            brew install --cask chromium
  Ubuntu, others   .venv/bin/python -m playwright install --with-deps chromium
  your own         CHROMIUM=/path/to/chrome make test"""


class ChromiumError(Exception):
    """Say why no Chromium can be used, in words for the person at the terminal."""


def works(path: str | Path) -> bool:
    """Tell whether the program starts: Ubuntu's `chromium-browser` may be a stub that asks for a snap."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def from_environment() -> Path | None:
    """Return the program that CHROMIUM names: a wish that can't be met is an error, not a reason to take another."""
    wish = os.environ.get("CHROMIUM")
    if not wish:
        return None
    path = shutil.which(wish)
    if path is None or not works(path):
        raise ChromiumError(f"CHROMIUM={wish} is not a browser that starts. Correct it, or leave it out.")
    return Path(path)


def from_path() -> Path | None:
    """Return the first browser on PATH that starts: the system's own gets its security updates."""
    candidates = (shutil.which(name) for name in NAMES)
    return next((Path(path) for path in candidates if path and works(path)), None)


def from_playwright() -> Path | None:
    """Return the browser that Playwright downloaded earlier: it is last because nobody updates it."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if works(path) else None


def find() -> Path | None:
    """Return a Chromium that is there already: nobody wants a second one."""
    return from_environment() or from_path() or from_playwright()


def root_prefix() -> list[str] | None:
    """Return what makes a command run as root, or None: a test run must never stop to ask for a password."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run(["sudo", "-n", "true"], quiet=True):
        return ["sudo", "-n"]
    return None


def run(command: Sequence[str], *, quiet: bool = False) -> bool:
    """Run a command with its output on stderr and tell whether it went well: stdout holds only the path."""
    out = subprocess.DEVNULL if quiet else sys.stderr
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False).returncode == 0
    except OSError as error:
        say(f"{command[0]}: {error.strerror}")
        return False


def say(text: str) -> None:
    """Write a line on stderr: stdout is for the path."""
    print(text, file=sys.stderr, flush=True)


def install_from_debian() -> None:
    """Install Debian's `chromium` where we may: it brings its own libraries, which Playwright's download does not."""
    prefix = root_prefix() if shutil.which("apt-get") else None
    if prefix is None:
        return
    say("No Chromium found: installing the package `chromium` with apt-get (about 90 MB) …")
    # Old package lists point at versions that are gone. One broken source among many makes `update` fail
    # while Debian's own lists are fine, so only the installation decides.
    run([*prefix, "apt-get", "-q", "update"])
    run(
        [
            *prefix,
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-qy",
            "install",
            "--no-install-recommends",
            "chromium",
        ]
    )


def install_from_playwright() -> None:
    """Download Playwright's own build: it needs no root, but the system's libraries must be there already."""
    say("Still no Chromium: downloading Playwright's own …")
    run([sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"])


def provide() -> Path:
    """Return a Chromium that starts, installing one if need be: a skipped browser test looks like a passed one."""
    if path := find():
        return path
    for install in (install_from_debian, install_from_playwright):
        install()
        if path := find():
            return path
    raise ChromiumError(HELP)


def main() -> int:
    """Print the path and write it down: the tests read the file instead of searching again."""
    try:
        path = provide()
    except ChromiumError as error:
        say(str(error))
        PATH_FILE.unlink(missing_ok=True)
        return 1
    PATH_FILE.parent.mkdir(parents=True, exist_ok=True)
    PATH_FILE.write_text(f"{path}\n", encoding="utf-8")
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
