"""Name the words that people search for and the texts avoid, with the reason that answers them.

The texts keep to one term; a reader who knows another one should land on the same page. In lower case. Words of the
titles and of what servers say are known already. Servers may have other names too.
"""

# What people type around the words that count; the field on the home page skips it.
STOP_WORDS = {
    "en": "a an and are as at be but by can cannot do does error for from has have how i in is it mail message my of on"
    " or smtp that the this to was what when why with you your",
    "nl": "aan als bij bericht dat de deze die dit een en er fout heb heeft het hoe ik in is kan mail met mijn naar of"
    " om op smtp te tot uit van voor waarom wat werd wordt zijn",
}

SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "authentication_failed": ("authentication", "login failed"),
        "blocklisted": ("blacklist", "blacklisted", "blocked", "block list", "rbl", "dnsbl"),
        "connection_lost": ("timeout", "time-out", "connection refused"),
        "delivery_expired": ("too long in the queue",),
        "exchange_online": ("office 365", "office365", "o365"),
        "greylisted": ("greylisting", "graylisting", "graylisted"),
        "mailbox_full": ("inbox full", "quota", "quota exceeded", "over quota", "storage full"),
        "message_too_large": ("attachment too big", "file too big", "size limit"),
        "rate_limited": ("throttling", "rate limit", "too many messages"),
        "receiver_tls_invalid": ("certificate", "invalid certificate", "expired certificate"),
        "relay_denied": ("relaying denied", "relay access denied", "open relay"),
        "spam_suspected": ("junk", "spam filter"),
        "tls_required": ("tls", "starttls"),
        "user_unknown": (
            "no such user",
            "user unknown",
            "wrong address",
            "typo",
            "address not found",
            "address couldn't be found",
            "email address not found",
        ),
    },
    "nl": {
        "authentication_failed": ("authenticatie mislukt", "verkeerd wachtwoord"),
        "blocklisted": ("blacklist", "blacklisted", "geblokkeerd", "blocklist", "zwarte lijst", "rbl", "dnsbl"),
        "connection_lost": ("time-out", "timeout", "verbinding geweigerd"),
        "delivery_expired": ("te lang in de wachtrij",),
        "exchange_online": ("office 365", "office365", "o365"),
        "greylisted": ("greylisting", "graylisting", "grijze lijst"),
        "mailbox_full": (
            "postvak vol",
            "postvak in vol",
            "inbox vol",
            "postbus vol",
            "mailbox van de ontvanger vol",
            "quota",
            "quotum overschreden",
        ),
        "message_too_large": ("bijlage te groot", "bestand te groot", "e-mail te groot"),
        "rate_limited": ("rate limit", "throttling", "te veel e-mails"),
        "receiver_tls_invalid": ("certificaat", "ongeldig certificaat", "verlopen certificaat"),
        "relay_denied": ("relay access denied", "relaying denied", "open relay"),
        "spam_suspected": ("ongewenste mail", "spamfilter", "junk"),
        "tls_required": ("tls", "starttls"),
        "user_unknown": (
            "gebruiker onbekend",
            "e-mailadres bestaat niet",
            "adres niet gevonden",
            "verkeerd adres",
            "typefout",
            "ontvanger onbekend",
        ),
    },
}


def synonyms(language: str, reason: str) -> tuple[str, ...]:
    """Return other words for a reason; a language that has none yet simply has none."""
    return SYNONYMS.get(language, {}).get(reason, ())
