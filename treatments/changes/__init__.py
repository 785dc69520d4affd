"""What changed in the public data set, when and why, as the history of the database tells.

Of claims a reader is told that a version was published, that it replaced another, and that it was retracted; drafts,
reviews and the people behind them are no part of it. Vocabulary and sources are public from the moment they are
written, so every change of theirs is told, that of their parts included.

A change carries the time of the transaction that made it. So does the revision of the data set that the transaction
made: that is how a change is found to belong to a revision. ``headers`` finds changes in the history, ``telling``
reads what is said of them.
"""

from .headers import Header, Headers, Scope, Transactions
from .telling import Change, Count, Transaction, changes, transactions

__all__ = [
    "Change",
    "Count",
    "Header",
    "Headers",
    "Scope",
    "Transaction",
    "Transactions",
    "changes",
    "transactions",
]
