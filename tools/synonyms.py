"""Name the words that people search for and the texts avoid, with the reason that answers them.

The texts keep to one term; a reader who knows another one should land on the same page. In lower case. Words of the
titles and of what servers say are known already. Servers may have other names too.
"""

# What people type around the words that count; the field on the home page skips it. A bounce is English anywhere.
ENGLISH = (
    "a an and are as at be but by can cannot could delivery do does error failed for from get has have how i in is it"
    " mail message my not of on or send server smtp that the this to was what when why with you your"
)
STOP_WORDS = {
    "en": ENGLISH,
    "nl": f"{ENGLISH} aan als bij bericht dat de deze die dit door een en er fout geen heb heeft het hoe ik kan komt"
    " kon krijg met mijn mislukt naar niet om op te tot uit van voor waarom wat werd worden wordt zijn",
}

# What a bounce says about itself, and people about it: no reason yet, so the field says what to do next.
NEXT = {
    "en": "Look in the bounce message for its code, such as 550 or 5.1.1",
    "nl": "Zoek in het bouncebericht de code, zoals 550 of 5.1.1",
}
SUBJECTS = (
    "automatically rejected mail|could not deliver|delivery failed|delivery failure|delivery has failed"
    "|delivery incomplete|delivery notification|delivery report|delivery status notification"
    "|delivery to the following recipient|failed delivery|failure notice|mail delivery subsystem|mail delivery system"
    "|mail system error|mailer-daemon|message delayed|ndr|non-delivery|not be delivered|not been delivered"
    "|not delivered|couldn't be delivered|wasn't delivered|returned mail|returned to sender"
    "|returning message to sender|unable to deliver|undeliverable|undelivered"
)
BOUNCES = {
    "en": f"{SUBJECTS}|bounce message|bounced|came back|comes back|coming back|didn't arrive|doesn't arrive"
    "|mail rejected|mail returned|message returned|mail was refused|mail was rejected|message refused|message rejected"
    "|message was refused|message was rejected|not arrive|not arriving|not received",
    "nl": f"{SUBJECTS}|aflevering is mislukt|aflevering mislukt|bericht geweigerd|bericht is geweigerd"
    "|bericht wordt geweigerd|bezorgd|bezorgen|bezorging|bouncebericht|mail geweigerd|mail is geweigerd"
    "|mail wordt geweigerd|niet aan|niet aangekomen|niet aankomt|niet afgeleverd|niet afleveren|niet ontvangen"
    "|niet worden afgeleverd|onbestelbaar|onbestelbare|terug|teruggekomen|teruggekregen|teruggestuurd|terugkomen"
    "|terugkomt",
}

SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "authentication_failed": ("authentication", "login failed"),
        "blocklisted": ("blacklist", "blacklisted", "blocked", "block list", "rbl", "dnsbl"),
        "connection_lost": (
            "timeout",
            "time-out",
            "connection refused",
            "server not responding",
            "server does not respond",
            "server doesn't respond",
        ),
        "delivery_expired": ("too long in the queue",),
        "exchange_online": ("office 365", "office365", "o365"),
        "greylisted": ("greylisting", "graylisting", "graylisted"),
        "mailbox_full": ("inbox full", "quota", "quota exceeded", "over quota", "storage full"),
        "message_too_large": ("attachment too big", "file too big", "size limit"),
        "policy": ("access is denied",),
        "rate_limited": ("throttling", "rate limit", "too many messages"),
        "receiver_tls_invalid": ("certificate", "invalid certificate", "expired certificate", "ssl"),
        "relay_denied": ("relaying denied", "relay access denied", "open relay"),
        "spam_suspected": ("junk", "spam filter"),
        "tls_required": ("tls", "ssl", "starttls"),
        "tls_unavailable": ("tls", "ssl"),
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
        "connection_lost": (
            "time-out",
            "timeout",
            "verbinding geweigerd",
            "server reageert niet",
            "server antwoordt niet",
            "server niet bereikbaar",
        ),
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
        "policy": ("access is denied", "toegang geweigerd"),
        "rate_limited": ("rate limit", "throttling", "te veel e-mails"),
        "receiver_tls_invalid": ("certificaat", "ongeldig certificaat", "verlopen certificaat", "ssl"),
        "relay_denied": ("relay access denied", "relaying denied", "open relay"),
        "spam_suspected": ("ongewenste mail", "spamfilter", "junk"),
        "tls_required": ("tls", "ssl", "starttls"),
        "tls_unavailable": ("tls", "ssl"),
        "user_unknown": (
            "gebruiker onbekend",
            "e-mailadres bestaat niet",
            "adres niet gevonden",
            "verkeerd adres",
            "adres klopt niet",
            "typefout",
            "ontvanger onbekend",
        ),
    },
}


def synonyms(language: str, reason: str) -> tuple[str, ...]:
    """Return other words for a reason; a language that has none yet simply has none."""
    return SYNONYMS.get(language, {}).get(reason, ())
