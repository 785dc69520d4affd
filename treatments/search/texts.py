"""Full text over all public records at once, in two queries: one reads the question, one answers it.

A record answers when every part of the question is found in its own text or in the names of what it is linked to:
"xeljanz calcinosis" finds an entry about tofacitinib whose statement speaks of calcinosis.
"""

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQueryField
from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import Cast

from treatments.filtering import TEXT_CONFIG

from .kinds import SEARCHED, TERMS, Kind

# How much a part of the question counts where it is found.
ABOUT = 1.0  # a term that the record is about is called so
IN_NAME = 0.5  # the record's own name, title or statement: weight A of its search column
IN_KEYWORDS = 0.3  # weight B: authors, identifiers, genes, regimen
IN_TEXT = 0.2  # weight C
IN_SOURCE = 0.1  # its publication or trial is called so

# Around what is marked in a text. Of no meaning in any alphabet; what they enclose is escaped like everything else.
MARK_START, MARK_END = "\ue000", "\ue001"

PIECE = re.compile(r"'(?:[^'\\]|''|\\.)*'|<->|<\d+>|[&|!()]")


@dataclass(frozen=True, slots=True)
class Part:
    """What must be found, or if ``negated`` must not be: one word or phrase, as a tsquery."""

    query: str
    negated: bool = False


@dataclass(frozen=True)
class Question:
    """A text as a search reads it.

    ``alternatives`` (joined by "or") are parts that must all hold. ``names`` is a tsquery for any of the names that
    the text as a whole stands for, ``marks`` one for every word to mark in texts; both may be empty.
    """

    text: str
    alternatives: list[list[Part]]
    names: str
    marks: str


@dataclass(frozen=True, slots=True)
class Found:
    """A record whose text answers; a higher ``score`` answers better, ``tie`` orders equal ones."""

    kind: Kind
    pk: int
    score: float
    tie: str


def read(text: str, names: Sequence[str] = ()) -> Question:
    """``text``, in web-search syntax, as a question; ``names`` are other names for the whole of it. One query."""
    with connection.cursor() as cursor:
        cursor.execute(READING, {"text": text, "names": list(names), "config": TEXT_CONFIG})
        folded, as_typed, phrases = cursor.fetchone()
    alternatives = parts_of(folded)
    asked = [part.query for parts in (*alternatives, *parts_of(as_typed)) for part in parts if not part.negated]
    return Question(text, alternatives, phrases or "", marks(asked, (phrases or "").split(" | ")))


def marks(asked: Iterable[str], names: Iterable[str]) -> str:
    """A tsquery of the single words to mark: all that were asked for, and other names that are one word.

    What is marked are words, so "anti" and the parts of long names would be marked where they mean nothing.
    """
    found = [word for query in asked for word in lexemes(query)]
    found += [word for query in names for word in lexemes(query) if len(lexemes(query)) == 1]
    return " | ".join(dict.fromkeys(found))


def lexemes(query: str) -> list[str]:
    """The words of a tsquery, quoted; of "anti-mda5" only "mda5"."""
    found = [piece for piece in PIECE.findall(query) if piece[0] == "'"]
    return [word for word in found if word != "'anti'" and not word.startswith("'anti-")] or found


READING = """
SELECT websearch_to_tsquery(%(config)s::regconfig, treatments_fold(%(text)s))::text,
    websearch_to_tsquery(%(config)s::regconfig, %(text)s)::text,
    (SELECT string_agg(format('(%%s)', phrase), ' | ')
     FROM unnest(%(names)s::text[]) AS name, phraseto_tsquery(%(config)s::regconfig, treatments_fold(name)) AS phrase
     WHERE numnode(phrase) > 0)
"""


def parts_of(query: str) -> list[list[Part]]:
    """A tsquery written by ``websearch_to_tsquery``, taken apart: alternatives of parts.

    An alternative that only says what must not be found asks for nothing and is left out.
    """
    alternatives: list[list[Part]] = [[]]
    part: list[str] = []
    depth = 0

    def close() -> None:
        if part:
            negated = part[0] == "!"
            alternatives[-1].append(Part(" ".join(part[1:] if negated else part), negated))
            part.clear()

    for piece in PIECE.findall(query):
        depth += (piece == "(") - (piece == ")")
        if depth == 0 and piece in "&|":
            close()
            if piece == "|":
                alternatives.append([])
        else:
            part.append(piece)
    close()
    return [parts for parts in alternatives if not all(part.negated for part in parts)]


def find(question: Question, named: Iterable[tuple[Kind, int]] = ()) -> list[Found]:
    """Every public record that answers, in no order; one query. Records linked to a term of ``named`` answer too."""
    parts = [
        (alternative, part.query, part.negated, sum(not other.negated for other in parts))
        for alternative, parts in enumerate(question.alternatives, start=1)
        for part in parts
    ]
    parts.append((0, question.names, False, 1))
    terms = list(named)
    sql, parameters = statement()
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            [
                *(list(column) for column in zip(*parts, strict=True)),
                *([kind.value for kind, _ in terms], [pk for _, pk in terms]),
                *parameters,
            ],
        )
        return [Found(Kind(kind), pk, score, tie) for kind, pk, score, tie in cursor.fetchall()]


@functools.cache
def statement() -> tuple[str, list[Any]]:
    """The query behind ``find`` and the parameters of its own, made from ``SEARCHED`` once."""
    own, linked, ties = Pieces(), Pieces(), Pieces()
    for kind, searched in SEARCHED.items():
        rows = searched.public().order_by()
        vectors = rows.values_list("pk", "search_vector")
        own.add(OWN, kind, vectors, name=IN_NAME, keywords=IN_KEYWORDS, text=IN_TEXT)
        ties.add(TIE, kind, rows.values_list("pk", searched.order()))
        for term, path in searched.links.items():
            strength = ABOUT if term in TERMS else IN_SOURCE
            linked.add(LINKED, kind, rows.values_list("pk", path), term=term.value, strength=strength)
    sql = STATEMENT.format(own=own.joined, linked=linked.joined, ties=ties.joined, keywords=IN_KEYWORDS)
    return sql, [*own.parameters, *linked.parameters, *ties.parameters]


class Pieces:
    """Statements to be joined by UNION ALL, with their parameters in order."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.parameters: list[Any] = []

    def add(self, template: str, kind: Kind, rows: QuerySet, **values: object) -> None:
        sql, parameters = rows.query.sql_with_params()
        self.statements.append(template.format(kind=kind.value, rows=sql, **values))
        self.parameters += parameters

    @property
    def joined(self) -> str:
        return "\n    UNION ALL ".join(self.statements)


OWN = """SELECT '{kind}', part.number, row.id,
        CASE WHEN ts_rank('{{0,0,0,1}}', row.vector, part.query) > 0.001 THEN {name}
             WHEN ts_rank('{{0,0,1,0}}', row.vector, part.query) > 0.001 THEN {keywords} ELSE {text} END
        FROM part JOIN ({rows}) AS row(id, vector) ON row.vector @@ part.query"""
LINKED = """SELECT '{kind}', called.number, link.id, {strength}
        FROM called JOIN ({rows}) AS link(id, term) ON called.kind = '{term}' AND called.id = link.term"""
TIE = "SELECT '{kind}', row.id, row.tie FROM ({rows}) AS row(id, tie)"

STATEMENT = """
WITH part(alternative, query, negated, needed, number) AS MATERIALIZED (
    SELECT alternative, query::tsquery, negated, needed, number
    FROM unnest(%s::int[], %s::text[], %s::boolean[], %s::int[])
        WITH ORDINALITY AS given(alternative, query, negated, needed, number)
), named(kind, id, number) AS (
    SELECT kind, id, (SELECT max(number) FROM part) FROM unnest(%s::text[], %s::bigint[]) AS given(kind, id)
), own(kind, number, id, strength) AS MATERIALIZED (
    {own}
), called(kind, number, id) AS MATERIALIZED (
    SELECT kind, number, id FROM own WHERE strength >= {keywords}
    UNION SELECT kind, number, id FROM named
), answer(kind, number, id, strength) AS (
    SELECT kind, number, id, max(strength)
    FROM (SELECT kind, number, id, strength FROM own
    UNION ALL {linked}) AS anywhere(kind, number, id, strength)
    GROUP BY kind, number, id
), chosen(kind, id, score) AS (
    SELECT kind, id, sum(strength)
    FROM answer JOIN part USING (number)
    GROUP BY kind, id, alternative
    HAVING NOT bool_or(negated) AND count(*) = max(needed)
), ties(kind, id, tie) AS (
    {ties}
)
SELECT kind, id, max(score)::float, min(tie) FROM chosen JOIN ties USING (kind, id) GROUP BY kind, id
"""


def marked(column: str, question: Question, *, in_short: bool = False) -> SearchHeadline:
    """The text of ``column`` with what was asked for between marks; ``in_short`` only the passages around it."""
    passages: dict[str, Any] = {"max_fragments": 2, "min_words": 12, "max_words": 30, "fragment_delimiter": " … "}
    return SearchHeadline(
        column,
        Cast(Value(question.marks), SearchQueryField()),
        config=TEXT_CONFIG,
        start_sel=MARK_START,
        stop_sel=MARK_END,
        **(passages if in_short else {"highlight_all": True}),
    )
