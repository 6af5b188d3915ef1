"""Everything that means "cannot go on". Bad data is a `report.Finding`, never an exception."""

from pathlib import Path


class LodError(Exception):
    """Root of the tree. The text says what is wrong, where, and what to do."""


class ConfigError(LodError):
    """`edition.toml` cannot be used; lists every problem found in it, one a line."""

    def __init__(self, file: Path, problems: list[str]) -> None:
        self.file = file
        self.problems = problems
        super().__init__(f"{file}: {len(problems)} problem(s)\n" + "\n".join(f"  - {problem}" for problem in problems))


class SourceError(LodError):
    """A source file cannot be read at all (missing, not XML, refused for safety)."""

    def __init__(self, file: str, line: int, message: str) -> None:
        self.file = file
        self.line = line
        self.message = message
        super().__init__(f"{file}:{line}: {message}")


class DateError(LodError):
    """A date that is none: `1936-13-40`."""


class VocabularyError(LodError):
    """`ontology/` cannot be used to generate or check terms."""


class FormatError(LodError):
    """What is to be written has no form in the format that was asked for."""


class StoreError(LodError):
    """The store cannot be opened or loaded."""


class WorkerError(LodError):
    """A process that did part of the work has ended before it was done."""


class ReleaseError(LodError):
    """A release cannot be made or read: something would be lost, or what was published would change."""


class LinkingError(LodError):
    """A reconciliation request, an authority file or a review table that cannot be used."""
