"""Secrets in words and lines are masked: in the daily log, in names, in what servers define.

A firing uses it, so it needs no regular expressions. What is masked is what looks like a secret:
the value of something whose name says so, the password of an address, a token of a known service.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MASK = "********"
HIDDEN = "…"
"""Stands for a script, which may hold anything."""
SECRETIVE = ("key", "token", "secret", "passw", "auth", "credential", "cookie")
"""What the names of secrets have in them."""
TOKENS = (
    *("ghp_", "gho_", "ghr_", "ghs_", "ghu_", "github_pat_", "glpat-", "sk-", "sk_live_"),
    *("xoxa-", "xoxb-", "xoxe-", "xoxp-", "xoxr-", "xoxs-", "npm_", "pypi-", "AKIA", "eyJ"),
)
"""How the tokens of well-known services begin."""
SHORTEST_TOKEN = 8
"""How many characters come after such a beginning, at least."""
SCHEMES = ("bearer", "basic", "token", "digest")
"""What stands before the secret in a header."""
SIGNED_IN = ("-u", "--user", "--proxy-user")
"""Options of curl and others whose value is USER:PASSWORD."""
CLIENTS = (
    *("mysql", "mysqldump", "mysqladmin", "mysqlcheck", "mysqlimport", "mysqlshow"),
    *("mariadb", "mariadb-dump", "mariadb-admin", "mariadb-check", "mariadb-backup", "mycli"),
    *("sshpass", "7z", "7za", "7zz", "7zr", "rar", "unrar"),
)
"""Programs that take a password directly behind `-p`."""
APART = {
    "sshpass": "-p",
    "zip": "-P",
    "unzip": "-P",
    "redis-cli": "-a",
    "ldapsearch": "-w",
    "ldapmodify": "-w",
    "mosquitto_pub": "-P",
    "mosquitto_sub": "-P",
    "ipmitool": "-P",
}
"""Programs with an option whose value is a password, though its name does not say so."""
HOOKS = (
    *("hooks.slack.com/services/", "hooks.slack.com/workflows/", "discord.com/api/webhooks/"),
    *("discordapp.com/api/webhooks/", "api.telegram.org/bot", "hooks.zapier.com/hooks/catch/"),
    *("maker.ifttt.com/use/", "outlook.office.com/webhook/", "hc-ping.com/"),
)
"""Beginnings of addresses that anybody who knows the rest may use."""
INTERPRETERS = (
    *("sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "python", "perl", "ruby", "node"),
    *("php", "lua", "pwsh", "powershell", "cmd"),
)
EVALUATES = ("-e", "-r", "/c", "/C", "--eval", "-Command", "-EncodedCommand", "-command")
"""Options after which an interpreter takes a script; `-c`, alone or behind letters, as well."""
_QUOTES = "'\""
_ENDS = _QUOTES + ";,)"
_NAMING = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")


def is_secretive(name: str) -> bool:
    """Tell from its name whether something holds a secret."""
    return any(piece in name.lower() for piece in SECRETIVE)


def argv(words: Sequence[str]) -> tuple[str, ...]:
    """Mask the secrets of a program and its arguments; a script becomes `…`."""
    found = arguments(words)
    for place in range(1, len(words)):
        if _evaluates(words[place - 1]) and any(map(_interprets, words[:place])):
            return (*found[:place], HIDDEN, *found[place + 1 :])
    return found


def arguments(words: Sequence[str]) -> tuple[str, ...]:
    """Mask the secrets of arguments, each a word of its own."""
    return tuple(_masked([*map(_without_members, words)], quotes=True))


def line(text: str) -> str:
    """Mask the secrets of a line that a shell would read, or of a sentence; blanks stay."""
    return _line(_without_members(text), quotes=True)


def _line(text: str, *, quotes: bool) -> str:
    blanks, words, at = [], [], 0
    while True:
        start = at
        while at < len(text) and text[at].isspace():
            at += 1
        blanks.append(text[start:at])
        start = at
        while at < len(text) and not text[at].isspace():
            at = _behind(text, at) if quotes else at + 1
        words.append(text[start:at])
        if at == len(text):
            break
    masked = _masked(words, quotes=False)
    return "".join(blank + word for blank, word in zip(blanks, masked, strict=True))


def value(text: str) -> str:
    """Mask what is a secret by its own looks: passwords in addresses, tokens of services."""
    text = _without_tokens(_without_members(text))
    return address(text) if "://" in text else text


def address(url: str) -> str:
    """Mask the passwords of the addresses in a text, and the secrets of their queries."""
    first, *rest = url.split("://")
    return "://".join([first, *map(_without_password, rest)])


def _masked(words: Sequence[str], *, quotes: bool) -> Iterator[str]:
    """Mask word by word; words of words are what blanks separate, or `quotes` too."""
    before = program = ""
    for word in words:
        bare = word.lstrip(_QUOTES).rstrip(_ENDS)
        program = _client(bare) or program
        head, rest = _named(bare)
        if program in CLIENTS and bare.startswith("-p") and len(bare) > len("-p"):
            yield _instead(word, "-p" + MASK)
            before = ""
            continue
        if before and (before in SIGNED_IN or not bare.startswith("-")):
            scheme = before not in SIGNED_IN and bare.lower() in SCHEMES
            yield word if scheme else _instead(word, _signed_in(before, bare))
            program = "" if before == APART.get(program) else program  # sshpass -p x ssh -p 22
            before = before if scheme else ""
            continue
        before = ""
        if head and is_secretive(head):
            scheme = rest.lower() in SCHEMES or not rest
            before = head if scheme else ""
            yield word if scheme else _instead(word, head + MASK)
        elif any(sign.isspace() for sign in word):
            yield _instead(word, _line(bare, quotes=quotes))
        else:
            yield value(word)
            before = word if _waits(word) or bare == APART.get(program) else ""


def _client(word: str) -> str:
    """Name the program that a word calls, where one is known for how it takes passwords."""
    name = word.rpartition("/")[2]
    return name if name in CLIENTS or name in APART else ""


def _behind(text: str, at: int) -> int:
    """Find where a sign ends, or what is quoted by it."""
    opens = text[at] in _QUOTES and (at == 0 or text[at - 1].isspace() or text[at - 1] in "=:")
    return (text.find(text[at], at + 1) if opens else at) + 1 or at + 1


def _instead(word: str, text: str) -> str:
    """Put a text where a word stands between its quotes."""
    start = len(word) - len(word.lstrip(_QUOTES))
    return word[:start] + text + word[len(word.rstrip(_ENDS)) :]


def _signed_in(option: str, word: str) -> str:
    if option not in SIGNED_IN:
        return MASK
    user, colon, _ = word.partition(":")
    return f"{user}:{MASK}" if colon else word


def _waits(word: str) -> bool:
    """Tell an option whose value is the next word."""
    return word in SIGNED_IN or (word.startswith("-") and "=" not in word and is_secretive(word))


def _named(word: str) -> tuple[str, str]:
    """Split `--token=x`, `TOKEN=x` or `Authorization: x` behind the sign; else two empty texts."""
    head, rest = _split(word)
    inner, behind = _split(rest)
    if head and not is_secretive(head) and is_secretive(inner):  # --header=Authorization:x
        return head + inner, behind
    return head, rest


def _split(word: str) -> tuple[str, str]:
    end = 0
    while end < len(word) and word[end] in _NAMING:
        end += 1
    if not end or word[end : end + 1] not in {"=", ":"}:
        return "", ""
    rest = word[end + 1 :].lstrip()
    return word[: len(word) - len(rest)], rest


def _without_members(text: str) -> str:
    """Mask the members of JSON that are secrets by their names: {"token": "x"}."""
    if '"' not in text or ":" not in text:
        return text
    parts = text.split('"')
    for place in range(len(parts) - 2):
        name = parts[place].rstrip("\\")  # before a quote within quotes
        named = name and _NAMING.issuperset(name) and is_secretive(name)
        if named and parts[place + 1].strip(" \t\n\\") == ":":
            held = parts[place + 2]
            parts[place + 2] = MASK + held[len(held.rstrip("\\")) :]
    return '"'.join(parts)


def _without_tokens(text: str) -> str:
    for start in TOKENS:
        at = text.find(start)
        while at >= 0:
            length = _token_length(text, at + len(start))
            alone = not (at and (text[at - 1].isalnum() or text[at - 1] == "_"))
            if alone and length >= SHORTEST_TOKEN:
                text = text[:at] + MASK + text[at + len(start) + length :]
            at = text.find(start, at + 1)
    return text


def _token_length(text: str, start: int) -> int:
    end = start
    while end < len(text) and (text[end].isalnum() or text[end] in "_-."):
        end += 1
    return len(text[start:end].rstrip("."))  # which ends a sentence


def _without_password(rest: str) -> str:
    """Mask what stands behind `://`: `user:password@`, and what the query names as secret."""
    end = next((place for place, sign in enumerate(rest) if sign in "/?#\"' \t\n"), len(rest))
    user, at, host = rest[:end].rpartition("@")
    authority = f"{MASK}@{host}" if at and ":" in user else rest[:end]
    path, mark, query = rest[end:].partition("?")
    for hook in HOOKS:
        if (authority + path).startswith(hook):
            return hook + _behind_hook(authority + path, len(hook)) + mark + _without_values(query)
    return authority + path + mark + _without_values(query)


def _behind_hook(text: str, start: int) -> str:
    """Mask the rest of an address, and keep what stands behind it."""
    ends = (place for place in range(start, len(text)) if text[place] in _QUOTES + "# \t\n")
    end = next(ends, len(text))
    return (MASK if end > start else "") + text[end:]


def _without_values(query: str) -> str:
    end = next((place for place, sign in enumerate(query) if sign in "#\"' \t\n"), len(query))
    parts = [_without_value(part) for part in query[:end].split("&")]
    return "&".join(parts) + query[end:]


def _without_value(part: str) -> str:
    name, equals, given = part.partition("=")
    return f"{name}={MASK}" if equals and given and is_secretive(name) else part


def _evaluates(word: str) -> bool:
    return word in EVALUATES or (word.startswith("-") and word[1:].isalpha() and word[-1] == "c")


def _interprets(word: str) -> bool:
    name = word.replace("\\", "/").rpartition("/")[2].removesuffix(".exe")
    return name.rstrip("0123456789.") in INTERPRETERS
