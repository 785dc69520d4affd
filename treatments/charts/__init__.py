"""Plots as Vega-Lite specifications, drawn on the server: what is shown, where it stands, how it looks.

Nothing here asks the database or knows of requests. ``estimates`` says what of a result can stand on an axis;
``forest``, ``by_year`` and ``phenotype`` make a specification each; ``drawing`` turns one into SVG or PNG.
"""
