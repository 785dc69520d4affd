"""Text as the search columns see it. The database holds the rule (``treatments_fold``); nothing here repeats it."""

import re
from collections.abc import Sequence

from django.db import connection

WORD = re.compile(r"[^\W_]+")
DIGRAPH = re.compile("ae|oe")
GREEK = frozenset(("alpha", "beta", "gamma", "delta", "epsilon", "kappa", "lambda", "mu"))


def fold(texts: Sequence[str]) -> list[str]:
    """Each of ``texts`` in lower case, without accents, Greek letters spelled out; one query for all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT treatments_fold(text) FROM unnest(%s::text[]) WITH ORDINALITY AS t(text, number) ORDER BY number",
            [list(texts)],
        )
        return [folded for (folded,) in cursor.fetchall()]


def words(folded: str) -> list[str]:
    """The words of a folded text, its runs of letters and digits, as names are compared: oedema is edema."""
    return [DIGRAPH.sub("e", word) for word in WORD.findall(folded)]


def key(folded: str) -> str:
    """A folded text without spaces and signs: "anti-mda5", "anti mda5" and "antimda5" are one key."""
    return "".join(words(folded))


def keys(folded: str) -> tuple[str, ...]:
    """What a name may be typed as: as it is, without "anti", and with Greek letters as initials ("tif1g")."""
    parts = words(folded)
    ways = [parts]
    if len(parts) > 1 and parts[0] == "anti":
        ways.append(parts[1:])
    ways += [short for way in list(ways) if (short := [part[0] if part in GREEK else part for part in way]) != way]
    return tuple(dict.fromkeys("".join(way) for way in ways))
