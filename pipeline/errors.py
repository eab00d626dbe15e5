"""The error tree. Every message says what was found, what was expected and what to do.

LexalignError
├── InputError        a file or value from outside cannot be used
│   └── FormatError   its layout or encoding is not the expected one
├── WorkspaceError    the workspace on disk is not in the state that the command needs
│   └── StoreBusy     another process owns curation.duckdb
├── EncoderError      an encoder is missing, damaged or of the wrong shape
├── TranslationError  a translator failed
│   └── ServiceError  a translation service refused, timed out or answered nonsense
└── Refused           a command of the curation store that its rules forbid
"""

__all__ = [
    "EncoderError",
    "FormatError",
    "InputError",
    "LexalignError",
    "Refused",
    "ServiceError",
    "StoreBusy",
    "TranslationError",
    "WorkspaceError",
]


class LexalignError(Exception):
    """The root: the command line prints it and exits with 1, a screen shows it; nothing else catches it."""


class InputError(LexalignError):
    pass


class FormatError(InputError):
    pass


class WorkspaceError(LexalignError):
    pass


class StoreBusy(WorkspaceError):
    pass


class EncoderError(LexalignError):
    pass


class TranslationError(LexalignError):
    pass


class ServiceError(TranslationError):
    """`retry_after` is the wait in seconds that the service asked for, None where it asked for none;
    `passing` says that the same request may succeed later (429, 5xx, time-out)."""

    def __init__(self, message: str, *, passing: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.passing = passing
        self.retry_after = retry_after


class Refused(LexalignError):
    pass
