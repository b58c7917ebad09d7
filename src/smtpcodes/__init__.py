"""Explain SMTP reply codes, enhanced status codes and bounces in the reader's own language.

>>> import smtpcodes
>>> smtpcodes.lookup(550).localized("nl").title
'Mailbox niet beschikbaar: definitief geweigerd'

Everything is a value: `localized` gives a new record and changes nothing else, so threads, tasks and requests
cannot answer in each other's language. Nothing is read from disk before the first look-up.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from smtpcodes._explain import Explainer, explain, explain_exception, explain_message
    from smtpcodes._explanation import Explanation
    from smtpcodes._languages import DOMAIN, LOCALES_DIR, languages
    from smtpcodes._model import (
        Bounce,
        CodeClass,
        Diagnostic,
        Label,
        Note,
        Reason,
        Record,
        Reply,
        Sense,
        Server,
        Status,
        Subject,
        UnknownCodeError,
        Value,
        plain,
    )
    from smtpcodes._records import (
        bounce,
        bounces,
        classes,
        diagnostics,
        get,
        labels,
        lookup,
        reason,
        reasons,
        replies,
        servers,
        statuses,
        subjects,
    )

__version__ = "0.1.0"

__all__ = [
    "DOMAIN",
    "LOCALES_DIR",
    "Bounce",
    "CodeClass",
    "Diagnostic",
    "Explainer",
    "Explanation",
    "Label",
    "Note",
    "Reason",
    "Record",
    "Reply",
    "Sense",
    "Server",
    "Status",
    "Subject",
    "UnknownCodeError",
    "Value",
    "bounce",
    "bounces",
    "classes",
    "diagnostics",
    "explain",
    "explain_exception",
    "explain_message",
    "get",
    "labels",
    "languages",
    "lookup",
    "plain",
    "reason",
    "reasons",
    "replies",
    "servers",
    "statuses",
    "subjects",
]


def __getattr__(name: str) -> object:
    """Load what is asked for on first use: an app that imports this at start-up pays next to nothing."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from smtpcodes import _languages, _model, _records

    home: object = next((module for module in (_records, _model, _languages) if name in module.__all__), None)
    if home is None:
        from smtpcodes import _explain as home
    value: object = getattr(home, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
