"""What can go wrong in the library, in words that say what to do next.

    LibraryError
    ├── SettingsError      a setting, or a file that states one, cannot be used as it is
    ├── BusyError          another process is writing
    ├── NotFoundError      the library has no such document
    ├── StoreError         the database cannot be opened, read or written
    ├── VectorIndexError   the vector index cannot be opened, read or written
    └── EmbeddingError     the embedding model cannot be used, or is not the one the library was embedded with

Errors of SQLAlchemy, Qdrant and the operating system are translated into these where they enter.
"""

from __future__ import annotations


class LibraryError(Exception):
    """Base of them all; its text is one or two plain sentences for the person at the terminal."""


class SettingsError(LibraryError):
    """A setting cannot be used as it is."""


class BusyError(LibraryError):
    """Another process is writing to the library."""


class NotFoundError(LibraryError):
    """The library has no such document."""


class StoreError(LibraryError):
    """The database cannot be opened, read or written."""


class VectorIndexError(LibraryError):
    """The vector index cannot be opened, read or written."""


class EmbeddingError(LibraryError):
    """The embedding model cannot be used, or is not the one the library was embedded with."""
