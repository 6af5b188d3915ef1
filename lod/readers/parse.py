"""Safe XML in, lines kept: no entities, no network, no DOCTYPE; namespaces set right where a tool has reset them."""

from pathlib import Path
from xml.parsers import expat

from lxml import etree

from lod.errors import SourceError

TEI = "{http://www.tei-c.org/ns/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"
_LINE = "{urn:lod}line"
_LINES_THAT_LXML_COUNTS = 65_534
_LARGEST = 512 * 1024 * 1024

Element = etree._Element


def parse_file(folder: Path, name: str) -> Element:
    """The root of an XML file. `SourceError` with the line for what is missing, ill-formed or carries a DOCTYPE."""
    return _parse(folder, name, recover=False)


def salvage(folder: Path, name: str) -> Element | None:
    """What can be read of an ill-formed file: enough to know which entries it holds. None when nothing can."""
    try:
        return _parse(folder, name, recover=True)
    except SourceError:
        return None


def line(element: Element) -> int:
    """The line an element begins at, right beyond the 65,535th too."""
    far = element.get(_LINE)
    return int(far) if far else element.sourceline or 0


def _parse(folder: Path, name: str, *, recover: bool) -> Element:
    data = read_bytes(folder, name)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True, recover=recover
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(name, error.lineno or 0, f"not well-formed XML: {error.msg}") from None
    except (ValueError, LookupError) as error:
        raise SourceError(name, 0, f"cannot be read as XML: {error}") from None
    if root is None:
        raise SourceError(name, 0, "holds no XML element")
    if root.getroottree().docinfo.internalDTD is not None:
        raise SourceError(name, 1, "a DOCTYPE is refused, because entities in it can name other files")
    if data.count(b"\n") > _LINES_THAT_LXML_COUNTS and not recover:
        _number(root, data)
    return root


def read_bytes(folder: Path, name: str) -> bytes:
    """The bytes of a source file. `SourceError` when it is missing, too large, or a link that leads out of the folder."""
    file = folder / name
    try:
        if not file.resolve().is_relative_to(folder.resolve()):
            raise SourceError(name, 0, "lies outside the edition's folder and was not read")
        if file.stat().st_size > _LARGEST:
            raise SourceError(name, 0, f"is larger than {_LARGEST // 2**20} MiB: split it")
        return file.read_bytes()
    except (OSError, ValueError):
        raise SourceError(name, 0, "cannot be read") from None


def _number(root: Element, data: bytes) -> None:
    """Write each element's line into it, from a parser that counts further than libxml2 does."""
    lines: list[int] = []
    counter = expat.ParserCreate()
    counter.StartElementHandler = lambda _name, _attributes: lines.append(counter.CurrentLineNumber)
    try:
        counter.Parse(data, True)
    except (expat.ExpatError, ValueError):
        return
    for element, number in zip(root.iter("*"), lines, strict=False):
        if number >= _LINES_THAT_LXML_COUNTS:
            element.set(_LINE, str(number))


def numbered(element: Element, number: int) -> Element:
    """The element, told which line it stands for."""
    element.set(_LINE, str(number))
    return element


def namespaced(root: Element) -> int:
    """Give elements that have lost TEI's namespace (`xmlns=""`) back to it; how many there were."""
    lost = [element for element in root.iter("{}*") if isinstance(element.tag, str) and ":" not in element.tag]
    for element in lost:
        element.tag = TEI + str(element.tag)
    return len(lost)
