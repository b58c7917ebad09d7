"""Name the words that people search for and the texts avoid, with the reason that answers them.

The texts keep to one term; a reader who knows another one should land on the same page. In lower case. Words of the
titles and of what servers say are known already.
"""

SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "blocklisted": ("blacklist", "blacklisted", "block list", "rbl", "dnsbl"),
        "greylisted": ("greylisting", "graylisting", "graylisted"),
        "mailbox_full": ("inbox full", "quota exceeded", "over quota", "storage full"),
        "message_too_large": ("attachment too big", "file too big", "size limit"),
        "rate_limited": ("throttling", "rate limit", "too many messages"),
        "relay_denied": ("relaying denied", "relay access denied", "open relay"),
        "spam_suspected": ("junk", "spam filter"),
        "user_unknown": ("no such user", "user unknown", "wrong address", "email address not found"),
    },
    "nl": {
        "blocklisted": ("blacklist", "blacklisted", "blocklist", "zwarte lijst", "rbl", "dnsbl"),
        "greylisted": ("greylisting", "graylisting", "grijze lijst"),
        "mailbox_full": ("postvak vol", "postvak in vol", "inbox vol", "postbus vol", "quotum overschreden"),
        "message_too_large": ("bijlage te groot", "bestand te groot", "e-mail te groot"),
        "rate_limited": ("rate limit", "throttling", "te veel e-mails"),
        "relay_denied": ("relay access denied", "relaying denied", "open relay"),
        "spam_suspected": ("ongewenste mail", "spamfilter", "junk"),
        "user_unknown": ("gebruiker onbekend", "e-mailadres bestaat niet", "verkeerd adres", "ontvanger onbekend"),
    },
}


def synonyms(language: str, reason: str) -> tuple[str, ...]:
    """Return other words for a reason; a language that has none yet simply has none."""
    return SYNONYMS.get(language, {}).get(reason, ())
