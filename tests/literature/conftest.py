"""The services of others, on this machine; nothing here asks the real ones."""

from tests.literature.stand_in import services

__all__ = ["services"]
