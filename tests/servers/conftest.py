"""Postfix and Exim, each started once, with a sink of its own. `make test-servers` fetches them first."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import smtpcodes
from tests.servers.helpers import Accounts, Sink, serving
from tests.servers.running import Server, environment, free_ports, start, stop

ROOT = Path(__file__).resolve().parents[2]
UNPACKED = ROOT / "build" / "servers"

if not Path(smtpcodes.__file__).is_relative_to(ROOT / "build" / "wheel"):
    pytest.exit("The tests import smtpcodes from the built wheel: run `make test-servers`.", returncode=4)
if not all((UNPACKED / name).is_dir() for name in ("postfix", "exim")):
    pytest.exit("Postfix and Exim are not there yet: run `make test-servers`.", returncode=4)


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    """Take the bounces, and refuse what the other servers send to certain names."""
    server = Sink()
    with serving(server):
        yield server


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Return a folder with a short name: the path of a socket may have 107 characters, and pytest's are long."""
    with tempfile.TemporaryDirectory(prefix="smtp", ignore_cleanup_errors=True) as name:
        yield Path(name)


def filled(name: str, values: Mapping[str, object]) -> str:
    """Return a configuration with the names between @ filled in; one that is unknown is an error."""
    text = (Path(__file__).parent / name).read_text()
    return re.sub(r"@([a-z_]+)@", lambda found: str(values[found.group(1)]), text)


POSTFIX_SERVICES = {
    "mx": "",
    "relay": "-o mynetworks=127.0.0.1 -o smtpd_recipient_restrictions=permit_mynetworks,reject"
    " -o smtpd_reject_unlisted_recipient=no",
    "strict": "-o smtpd_helo_restrictions=reject_invalid_helo_hostname,reject_non_fqdn_helo_hostname"
    " -o smtpd_delay_reject=no -o smtpd_hard_error_limit=3 -o strict_rfc821_envelopes=yes",
    "encrypted": "-o smtpd_tls_security_level=encrypt",
    "accounts": "-o smtpd_sasl_auth_enable=yes -o smtpd_recipient_restrictions=reject_sender_login_mismatch,"
    "permit_sasl_authenticated,reject",
    "one": "-o smtpd_client_connection_count_limit=1",
    "few": "-o smtpd_client_message_rate_limit=1",
    "names": "-o smtpd_client_recipient_rate_limit=1",
    "logins": "-o smtpd_sasl_auth_enable=yes -o smtpd_client_auth_rate_limit=1",
    "disk": "-o queue_minfree=4000000000000000",
    "refused": "-o smtpd_client_restrictions=static:reject -o smtpd_delay_reject=no",
    "policy": "-o smtpd_recipient_restrictions=check_policy_service,inet:127.0.0.1:1,reject"
    " -o smtpd_policy_service_try_limit=1",
}

# Postscreen stands before an smtpd; without a cache it meets everybody for the first time.
POSTSCREENS = {
    "greeter": "-o postscreen_access_list=static:reject -o postscreen_blacklist_action=drop",
    "hasty": "-o postscreen_greet_action=drop",
    "first": "-o postscreen_bare_newline_enable=yes -o postscreen_bare_newline_action=enforce",
}

POSTFIX_SERVERS = """
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
smtp unix - - n - - smtp
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
flush unix n - n 1000? 0 flush
postlog unix-dgram n - n - 1 postlogd
smtpd pass - - n - - smtpd
"""


@pytest.fixture(scope="module")
def postfix(folder: Path, sink: Sink) -> Iterator[Server]:
    """Run Postfix, with a port for each way of being strict."""
    root, home = UNPACKED / "postfix", folder / "postfix"
    queues = "active bounce corrupt defer deferred flush hold incoming maildrop pid private public saved trace"
    for name in ("config", "data", *(f"queue/{queue}" for queue in queues.split())):
        (home / name).mkdir(parents=True)
    accounts = Accounts()
    ports = free_ports([*POSTFIX_SERVICES, *POSTSCREENS, "closed"])
    closed = ports.pop("closed")
    env = environment(root, home, {"postfix": 1001, "postdrop": 1002}, as_root=True)
    values = {"folder": home, "root": root, "names": " ".join(["MAIL_CONFIG", *env])}
    values |= {"sink": sink.port, "accounts_server": accounts.port, "closed": closed}
    (home / "config" / "main.cf").write_text(filled("postfix.cf", values))
    services = {name: ("-", "smtpd", options) for name, options in POSTFIX_SERVICES.items()}
    services |= {name: ("1", "postscreen", options) for name, options in POSTSCREENS.items()}
    (home / "config" / "master.cf").write_text(
        "".join(
            f"127.0.0.1:{ports[name]} inet n - n - {most} {program}\n  {options.replace(' -o ', chr(10) + '  -o ')}\n"
            for name, (most, program, options) in services.items()
        )
        + POSTFIX_SERVERS
    )
    server = Server(home, ports)
    with serving(accounts):
        process = start([root / "usr/lib/postfix/sbin/master", "-d", "-c", home / "config"], server, env)
        yield server
        stop(process)


EXIM_SERVICES = ("mx", "relay", "encrypted", "accounts", "few", "one", "disk", "away")


@pytest.fixture(scope="module")
def exim(folder: Path, sink: Sink) -> Iterator[Server]:
    """Run Exim, with a port for each way of being strict."""
    root, home = UNPACKED / "exim", folder / "exim"
    (home / "spool").mkdir(parents=True)
    ports = free_ports([*EXIM_SERVICES, "closed"])
    closed = ports.pop("closed")
    config = home / "config"
    values = {"folder": home, "root": root, "sink": sink.port, "closed": closed, **ports}
    config.write_text(filled("exim.conf", values | {"all_ports": " : ".join(map(str, ports.values()))}))
    config.chmod(0o644)
    # Exim believes the owner of a file more than what it is told, and its own user may not be root.
    me = os.getuid()
    env = environment(root, home, {"Debian-exim": me or 1001}, as_root=me == 0)
    server = Server(home, ports)
    process = start([root / "usr/sbin/exim4", "-C", config, "-bdf", "-q1s"], server, env)
    yield server
    stop(process)
