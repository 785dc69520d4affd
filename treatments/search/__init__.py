"""One search over everything public.

``names`` finds records by what they are called and forgives typing errors, ``texts`` by full text in the database,
``identifiers`` by accession, PMID, DOI and the like; ``answers`` puts one question to all three. Only what readers may
see is ever looked at: ``kinds.SEARCHED`` says what that is.
"""

from .answers import Answer, Hit, Suggestion, Suggestions, answer, suggest
from .kinds import CLAIMS, SEARCHED, SOURCES, TERMS, Kind
from .names import Identified, Match, Role, Subject
from .parameters import SearchParameters, TextParameter
from .texts import MARK_END, MARK_START, Question, marked

__all__ = [
    "CLAIMS",
    "MARK_END",
    "MARK_START",
    "SEARCHED",
    "SOURCES",
    "TERMS",
    "Answer",
    "Hit",
    "Identified",
    "Kind",
    "Match",
    "Question",
    "Role",
    "SearchParameters",
    "Subject",
    "Suggestion",
    "Suggestions",
    "TextParameter",
    "answer",
    "marked",
    "suggest",
]
