"""Postfix and Exim, each started once for all its tests. `make test-servers` fetches them first."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
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


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    """Take the bounces, and refuse what the other servers send to certain names."""
    server = Sink()
    with serving(server):
        yield server


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """Return a folder with a short name: the path of a socket may have 107 characters, and pytest's are long."""
    with tempfile.TemporaryDirectory(prefix="smtp", ignore_cleanup_errors=True) as name:
        yield Path(name)


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

# A name of its own for each user; the texts of postgrey and of an administrator come from a table, as they do there.
POSTFIX_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = {root}/usr/sbin
daemon_directory = {root}/usr/lib/postfix/sbin
shlib_directory = no
meta_directory = {root}/etc/postfix
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
import_environment = {names}
export_environment = {names}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.test
mydestination = local.example.test
mynetworks =
alias_maps =
alias_database =
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_peername_lookup = no
smtpd_forbid_bare_newline = no
relay_domains = relay.example.test
relay_recipient_maps = inline:{{{{user@relay.example.test=x}}}}
local_recipient_maps = inline:{{{{user=x}}}}
virtual_mailbox_domains = example.test
virtual_mailbox_base = {folder}
virtual_mailbox_maps = inline:{{
  {{user@example.test=mailbox}} {{full@example.test=full}} {{grey@example.test=mailbox}}
  {{forbidden@example.test=mailbox}} {{later@example.test=mailbox}} }}
virtual_mailbox_limit = 20001
virtual_uid_maps = static:1001
virtual_gid_maps = static:1001
virtual_transport = virtual
strict_mailbox_ownership = no
transport_maps = inline:{{{{closed.test=smtp:[127.0.0.1]:{closed}}}}}
default_transport = smtp:[127.0.0.1]:{sink}
message_size_limit = 20000
queue_minfree = 0
smtpd_helo_required = yes
smtpd_recipient_limit = 3
smtpd_error_sleep_time = 0
disable_vrfy_command = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{accounts_server}
smtpd_sender_login_maps = inline:{{{{alice@example.test=alice}},{{bob@example.test=bob}}}}
smtpd_client_event_limit_exceptions =
unverified_recipient_reject_code = 550
unknown_address_reject_code = 550
smtpd_relay_restrictions =
smtpd_sender_restrictions = reject_non_fqdn_sender, reject_unknown_sender_domain,
  check_sender_access inline:{{{{spammer@sender.test=REJECT}}}}
smtpd_recipient_restrictions = reject_non_fqdn_recipient, reject_unauth_destination, reject_unlisted_recipient,
  check_recipient_access inline:{{
    {{grey@example.test=DEFER_IF_PERMIT 4.2.0 Greylisted, see http://postgrey.example/help/example.test.html}}
    {{forbidden@example.test=REJECT}}
    {{later@example.test=DEFER}} }}
delay_warning_time = 1s
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
postscreen_cache_map =
postscreen_greet_wait = 1s
maximal_queue_lifetime = 4s
bounce_queue_lifetime = 4s
smtp_destination_concurrency_failed_cohort_limit = 0
"""

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


@pytest.fixture(scope="session")
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
    (home / "config" / "main.cf").write_text(
        POSTFIX_MAIN.format(
            folder=home,
            root=root,
            names=" ".join(["MAIL_CONFIG", *env]),
            sink=sink.port,
            accounts_server=accounts.port,
            closed=closed,
        )
    )
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

# The texts of the ACLs are those of Debian's own configuration, where it has one.
EXIM_MAIN = """
exim_path = {root}/usr/sbin/exim4
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
keep_environment = LD_* : *WRAPPER*
primary_hostname = mx.example.test
local_interfaces = 127.0.0.1
daemon_smtp_ports = {all_ports}
domainlist local_domains = example.test
tls_advertise_hosts = ${{if ={{$received_port}}{{{encrypted}}}{{*}}}}
auth_advertise_hosts = ${{if ={{$received_port}}{{{accounts}}}{{*}}}}
smtp_accept_max_per_host = ${{if ={{$received_port}}{{{one}}}{{1}}{{100}}}}
message_size_limit = 20000
recipients_max = 3
recipients_max_reject = false
received_headers_max = 30
smtp_max_unknown_commands = 3
smtp_accept_max = 200
smtp_reserve_hosts = *
strict_acl_vars = true
delay_warning = 1s
queue_run_in_order = false
bounce_return_body = false
disable_ipv6 = true
dns_dnssec_ok = 0
acl_smtp_connect = connect
acl_smtp_helo = helo
acl_smtp_mail = mail
acl_smtp_rcpt = rcpt
acl_smtp_data = data
begin acl
connect:
  drop condition = ${{if ={{$received_port}}{{{away}}}}}
       message = Too many connections from your host. Please try again later
  accept
helo:
  accept
mail:
  deny condition = ${{if ={{$received_port}}{{{encrypted}}}}}
       message = 5.7.0 Must issue a STARTTLS command first
       !encrypted = *
  deny condition = ${{if ={{$received_port}}{{{accounts}}}}}
       message = authentication required
       !authenticated = *
  deny message = no HELO given before MAIL command
       condition = ${{if def:sender_helo_name {{no}}{{yes}}}}
  defer condition = ${{if ={{$received_port}}{{{few}}}}}
       message = Sender rate overlimit - $sender_rate / $sender_rate_period
       ratelimit = 1 / 1h / strict
  accept
rcpt:
  accept condition = ${{if ={{$received_port}}{{{relay}}}}}
  deny message = restricted characters in address
       domains = +local_domains
       local_parts = ^[.] : ^.*[@%!/|`#&?]
  require verify = sender
  require message = relay not permitted
       domains = +local_domains
  defer message = greylisted - please try again later
       local_parts = grey
  deny local_parts = forbidden
  deny message = sender IP address $sender_host_address is locally blacklisted here. If you think this is wrong, get in touch with postmaster
       local_parts = blacklist
  require verify = recipient
  accept
data:
  deny message = maximum allowed line length is 998 octets, got $max_received_linelength
       condition = ${{if > {{$max_received_linelength}}{{998}}}}
  require verify = header_syntax
  accept
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if eq{{$auth2}}{{trouble}} {{${{lookup{{x}}lsearch{{{folder}}/none}}}}}}{{${{if and{{{{eq{{$auth2}}{{alice}}}}{{eq{{$auth3}}{{secret}}}}}}}}}}}}
begin routers
later:
  driver = redirect
  domains = example.test
  local_parts = later
  allow_defer
  data = :defer: Mailbox temporarily disabled
closed:
  driver = manualroute
  domains = closed.test
  transport = closed
  route_list = * 127.0.0.1
  self = send
elsewhere:
  driver = manualroute
  domains = sink.test : sender.test
  transport = sink
  route_list = * 127.0.0.1
  self = send
full:
  driver = accept
  domains = example.test
  local_parts = full
  transport = small
local:
  driver = accept
  domains = example.test
  local_parts = user : grey : forbidden : blacklist
  transport = mailbox
begin transports
sink:
  driver = smtp
  port = {sink}
  allow_localhost
  hosts_try_fastopen =
  hosts_try_dane =
closed:
  driver = smtp
  port = {closed}
  allow_localhost
  hosts_try_fastopen =
  hosts_try_dane =
mailbox:
  driver = appendfile
  file = {folder}/mailbox
  user = Debian-exim
small:
  driver = appendfile
  file = {folder}/full
  quota = 10
  user = Debian-exim
begin retry
* * F,3s,1s
"""


@pytest.fixture(scope="session")
def exim(folder: Path, sink: Sink) -> Iterator[Server]:
    """Run Exim, with a port for each way of being strict."""
    root, home = UNPACKED / "exim", folder / "exim"
    (home / "spool").mkdir(parents=True)
    ports = free_ports([*EXIM_SERVICES, "closed"])
    closed = ports.pop("closed")
    config = home / "config"
    config.write_text(
        EXIM_MAIN.format(
            folder=home,
            root=root,
            all_ports=" : ".join(map(str, ports.values())),
            closed=closed,
            sink=sink.port,
            **{name: port for name, port in ports.items()},
        )
    )
    config.chmod(0o644)
    # Exim believes the owner of a file more than what it is told, and its own user may not be root.
    me = os.getuid()
    env = environment(root, home, {"Debian-exim": me or 1001}, as_root=me == 0)
    server = Server(home, ports)
    process = start([root / "usr/sbin/exim4", "-C", config, "-bdf", "-q1s"], server, env)
    yield server
    stop(process)
