"""The mechanism map: the figure of pathways, targets and treatments, drawn from the data.

``figure`` says what is shown, ``order`` what stands before what, ``boxes`` how large things are, ``routing`` which way
arrows take, ``drawing`` puts them together into something a template can write down as SVG. Nothing here knows of
HTTP, and nothing has a place that was chosen by hand.
"""
