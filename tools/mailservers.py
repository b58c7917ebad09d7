"""Fetch Postfix and Exim, so that the tests can let real servers refuse real mail.

They come from Debian's packages and are only unpacked, each into a folder of its own below `build/servers`: as packages
the two exclude each other, and nothing of the system may change. With them come the wrappers of cwrap.org, with which
a server that wants to be started by root runs for anybody.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "servers"

PACKAGES = {"postfix": ["postfix"], "exim": ["exim4-daemon-light"]}
PROGRAMS = {"postfix": "usr/lib/postfix/sbin/master", "exim": "usr/sbin/exim4"}
WRAPPERS = ["libnss-wrapper", "libuid-wrapper", "libresolv-wrapper"]

HELP = """\
The tests with real servers cannot run here: {why}.
They need Debian or Ubuntu, on Linux, with apt-get and dpkg, and Debian's packages within reach. Root is not needed.
Not tested now: how Postfix and Exim refuse mail, and the bounce messages they write. `make test` tests all the rest."""


class ServersError(Exception):
    """Say why the servers cannot be had, in words for the person at the terminal."""


def apt(*words: str, folder: Path = FOLDER) -> str:
    """Run apt-get with package lists of our own: the system's may be old, and only root may renew them."""
    lists, cache = FOLDER / "lists", FOLDER / "cache"
    for path in (lists / "partial", cache / "archives" / "partial"):
        path.mkdir(parents=True, exist_ok=True)
    options = {"Dir::State::lists": lists, "Dir::Cache": cache, "Debug::NoLocking": 1, "APT::Sandbox::User": "root"}
    command = ["apt-get", "-q", *(f"-o{name}={value}" for name, value in options.items()), *words]
    try:
        done = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300
        )
    except subprocess.TimeoutExpired:
        raise ServersError(f"`apt-get {words[0]}` took more than five minutes") from None
    if done.returncode:
        raise ServersError(f"`apt-get {' '.join(words)}` failed with\n{done.stderr.strip()}\n") from None
    return done.stdout


def needed(packages: list[str]) -> list[str]:
    """Return the packages and the libraries that this machine lacks: what apt-get would install, were it asked to."""
    plan = apt("--simulate", "--no-install-recommends", "install", *packages)
    planned = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
    return sorted({*packages, *(name for name in planned if name.startswith("lib"))})


def unpack(name: str) -> None:
    """Unpack a server with its libraries; a folder that is there is complete, because it gets its name last."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as scratch:
        folder = Path(scratch)
        apt("download", *needed(PACKAGES[name] + WRAPPERS), folder=folder)
        for package in sorted(folder.glob("*.deb")):
            subprocess.run(["dpkg", "-x", package, folder / "root"], check=True, timeout=60)
        # A program that changes its user when it starts ignores LD_PRELOAD and LD_LIBRARY_PATH.
        (folder / "root" / PROGRAMS[name]).chmod(0o755)
        # mkdtemp makes folders for one user alone; the tests may be run by another.
        (folder / "root").chmod(0o755)
        (folder / "root").rename(FOLDER / name)


def provide() -> None:
    """Fetch the servers that are not there yet."""
    missing = [name for name in PACKAGES if not (FOLDER / name).exists()]
    if not missing:
        return
    if not sys.platform.startswith("linux"):
        raise ServersError(f"this is {sys.platform}, not Linux")
    for program in ("apt-get", "dpkg"):
        if shutil.which(program) is None:
            raise ServersError(f"there is no {program}")
    print("Fetching Debian's Postfix and Exim into build/servers …", file=sys.stderr, flush=True)
    apt("update", folder=ROOT)
    for name in missing:
        unpack(name)


def main() -> int:
    """Fetch the servers, or say why that cannot be done: a skipped test looks like a passed one."""
    try:
        provide()
    except (ServersError, OSError, subprocess.SubprocessError) as error:
        print(HELP.format(why=error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
