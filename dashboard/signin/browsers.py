"""What a browser says it is, in two words: enough for people to tell their own apart. Nothing is decided by it."""

BROWSERS = (  # the first that is found; most say they are several
    ("Edg", "Edge"), ("YaBrowser", "Yandex"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_of(told: str) -> str:
    """Like "Firefox, Windows"; "" for what says neither."""
    return ", ".join(filter(None, (_first(BROWSERS, told), _first(SYSTEMS, told))))


def _first(known: tuple[tuple[str, str], ...], told: str) -> str:
    return next((name for sign, name in known if sign in told), "")
