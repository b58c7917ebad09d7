"""Run a mail server of our own: everything in a folder, on 127.0.0.1, on free ports, as whoever runs the tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

PATIENCE = 30.0
"""Seconds that anything may take; nearly always it is there in one."""

Found = TypeVar("Found")


class Server(NamedTuple):
    """A running server: its folder, and the port of each of its services."""

    folder: Path
    ports: Mapping[str, int]

    def log(self) -> str:
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*log")))


def wait_for(what: str, look: Callable[[], Found | None], log: Callable[[], str] = str) -> Found:
    """Return what the function finds, or fail with the server's log."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come in {PATIENCE:.0f} seconds.\n{log()}")


def free_ports(names: Iterable[str]) -> dict[str, int]:
    """Return a free port for each name: all are held before one is let go, so no two are equal."""
    held = {name: socket.create_server(("127.0.0.1", 0)) for name in names}
    ports = {name: one.getsockname()[1] for name, one in held.items()}
    for one in held.values():
        one.close()
    return ports


def listens(port: int) -> bool:
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0


def environment(root: Path, folder: Path, users: Mapping[str, int], *, as_root: bool) -> dict[str, str]:
    """Return an environment in which a server finds its libraries, its users, and no DNS but ours.

    as_root: let it believe that it is root and may become anybody; all remains with whoever runs the tests.
    """
    # Debian keeps libraries in two places, and the folder's name says which machine it is.
    libraries = [root / "usr/lib/postfix", *root.glob("usr/lib/*-linux-gnu*"), *root.glob("lib/*-linux-gnu*")]
    wrappers = ["nss", "resolv", *(["uid"] if as_root else [])]
    everybody = {"root": 0, "nobody": 65534, **users}
    (folder / "passwd").write_text("".join(f"{name}:x:{uid}:{uid}::/:/bin/sh\n" for name, uid in everybody.items()))
    (folder / "group").write_text("".join(f"{name}:x:{uid}:\n" for name, uid in everybody.items()))
    # With a file of names no question about a name leaves this machine.
    (folder / "names").write_text("A mx.sender.test 127.0.0.1\nA sender.test 127.0.0.1\n")
    (folder / "hosts").write_text("127.0.0.1 localhost mx.example.test\n")
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C",
        "LD_LIBRARY_PATH": ":".join(map(str, libraries)),
        "LD_PRELOAD": " ".join(str(next(root.glob(f"usr/lib/*/lib{name}_wrapper.so"))) for name in wrappers),
        "NSS_WRAPPER_PASSWD": str(folder / "passwd"),
        "NSS_WRAPPER_GROUP": str(folder / "group"),
        "NSS_WRAPPER_HOSTS": str(folder / "hosts"),
        "RESOLV_WRAPPER_HOSTS": str(folder / "names"),
        **({"UID_WRAPPER": "1", "UID_WRAPPER_ROOT": "1"} if as_root else {}),
    }


def _ended_or_listens(process: subprocess.Popen[bytes], port: int) -> bool:
    return process.poll() is not None or listens(port)


def start(command: list[str | Path], server: Server, env: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a server as the head of a process group, so that all it starts can be stopped with it."""
    with (server.folder / "start.log").open("wb") as out:
        process = subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=server.folder,
            start_new_session=True,
        )
    try:
        for port in server.ports.values():
            wait_for(f"port {port}", partial(_ended_or_listens, process, port), server.log)
        assert process.poll() is None, f"The server stopped at once.\n{server.log()}"
    except BaseException:
        stop(process)
        raise
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a server and all that it started; what does not listen is killed."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            continue
    process.wait(5)
