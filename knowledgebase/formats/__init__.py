"""How dates are written and read in forms and in the admin, in place of Django's own for the language."""
