"""How claims are curated: who may do what (``roles``), and the steps of a claim's life (``workflow``)."""
