"""Evidence in spreadsheets: one row for each result, written and read back without a change.

``columns`` says what a sheet has, ``cells`` how a value is written in one, ``formats`` what a CSV or XLSX file is,
``reading`` and ``planning`` what a file says and what it would change, ``resource`` exports and imports.
"""
