"""What can go wrong with a merchant's data, as exceptions that carry fields.

``str(error)`` is one English sentence: what was needed, what was found, what to do. Screens word the
same error in the reader's language from ``code`` and ``fields`` (key ``errors.<code>``).
"""

from __future__ import annotations

from typing import Any


class DataError(Exception):
    """A problem with a file, a workspace or a setting that its owner can solve.

    Parameters
    ----------
    code : str
        Stable code; also the key of the sentence in the language files.
    sentence : str
        The English sentence, with the fields as ``str.format`` placeholders.
    **fields
        What the sentence speaks of: ``file``, ``line``, ``column``, ``value``, ``limit`` ...
    """

    def __init__(self, code: str, sentence: str, **fields: Any) -> None:
        self.code = code
        self.fields = fields
        super().__init__(sentence.format(**fields))


class BadName(DataError):
    """A workspace name that cannot be a folder name."""


class WorkspaceMissing(DataError):
    """No such workspace."""


class WorkspaceBusy(DataError):
    """Somebody else is writing to the workspace."""


class SnapshotMissing(DataError):
    """No such snapshot, or the workspace holds no data yet."""


class FileRefused(DataError):
    """A file that cannot be taken in as a whole."""


class MappingNeeded(DataError):
    """The file can be read, but what its columns mean has to be said."""


class BadSetting(DataError):
    """A setting or a configuration file with a value that makes no sense."""


class BadScenario(DataError):
    """A scenario with a number that makes no sense, without a name, or one too many."""


class LogoRefused(DataError):
    """A logo that is no picture we keep."""


class PhotoRefused(DataError):
    """A photo of a site that is no picture we keep."""
