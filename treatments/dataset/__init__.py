"""The data set as files: read, checked and loaded into the database, and written back.

``schema`` says what the files hold; everything else follows it. The shipped data set lies in ``seed/``.
"""

from .loading import SEED, load
from .problems import DataSetRefused, Problem
from .reports import DumpReport, LoadReport
from .writing import DumpRefused, dump

__all__ = ["SEED", "DataSetRefused", "DumpRefused", "DumpReport", "LoadReport", "Problem", "dump", "load"]
