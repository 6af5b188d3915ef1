"""What our own things are called on pages, and where they are: one answer for every list, row and picture."""

from collections.abc import Callable

from lod.iris import owner
from lod.store.documents import Documents
from lod.vocab import crm
from lod.web.texts import label
from lod.web.values import Value


class Named:
    """Labels and links of one edition's things. `link` turns a path into an address on this server."""

    def __init__(self, documents: Documents, link: Callable[[str], str]) -> None:
        self._documents = documents
        self._link = link
        self._labels: dict[str, tuple[str, str]] = {}

    def label(self, path: str) -> tuple[str, str]:
        """Words and their language: English if there are any, else the first, else the key."""
        if path not in self._labels:
            self._labels[path] = label(self._documents, path)
        return self._labels[path]

    def text(self, path: str) -> str:
        """The words alone."""
        return self.label(path)[0]

    def value(self, path: str, *, here: str = "", inline: bool = False) -> Value:
        """A path of ours with its link: to its page, or to its place on a page. `inline` parts have no place there."""
        words, language = self.label(path)
        thing = owner(path)
        dated = crm.E52_Time_Span in self._documents.types(self._documents.iris.of(path)) if inline else False
        if thing not in self._documents or path == here:
            return Value(words, language, dated=dated)
        part = path.removeprefix(thing).strip("/")
        if inline or not part:
            href = "" if inline and thing == here else self._link(thing)
        else:
            href = f"#{part}" if thing == here else f"{self._link(thing)}.html#{part}"
        return Value(words, "" if dated else language, href, dated=dated)
