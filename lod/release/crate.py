"""`ro-crate-metadata.json`: the release as an RO-Crate, so that its folder can be deposited as it is."""

import json
from collections.abc import Iterable
from typing import Any

from lod.config import Edition
from lod.release.files import GZIP, File

FILE = "ro-crate-metadata.json"


def metadata(edition: Edition, files: Iterable[File], *, date: str, version: str, profile: str) -> str:
    """The metadata file's text. `files` are those described with sums; nothing in it comes from a clock."""
    from rocrate.model.contextentity import ContextEntity  # 20 MB that only a release needs
    from rocrate.model.file import File as CrateFile
    from rocrate.rocrate import ROCrate

    crate = ROCrate()
    title, about = _words(edition.title), _words(edition.description)
    licence = crate.add(
        ContextEntity(crate, edition.licence, {"@type": "CreativeWork", "name": _name(edition.licence)})
    )
    publisher = crate.add(
        ContextEntity(crate, f"{edition.base}dataset/publisher", {"@type": "Organization", "name": edition.publisher})
    )
    standard = {"@type": "CreativeWork", "name": "Application profile for correspondence 1.0"}
    conforms = crate.add(ContextEntity(crate, profile, standard))
    authors = [
        crate.add(ContextEntity(crate, f"{edition.base}dataset/editor-{number}", {"@type": "Person", "name": name}))
        for number, name in enumerate(edition.editors, 1)
    ]
    root = crate.root_dataset
    said = {
        "name": title, "description": about, "datePublished": date, "version": version,
        "identifier": f"{edition.base}dataset", "inLanguage": list(edition.languages),
        "license": licence, "publisher": publisher, "author": authors, "about": conforms,
    }  # fmt: skip
    for name, value in said.items():
        root[name] = value
    for file in files:
        crate.add(CrateFile(crate, dest_path=file.name, properties=_described(file)))
    return json.dumps(crate.metadata.generate(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _described(file: File) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": file.title + (" (gzip)" if file.compressed else ""),
        "encodingFormat": [file.media_type, GZIP] if file.compressed else file.media_type,
        "contentSize": str(file.size),
        "sha256": file.sha256,
    }
    if file.profile:
        said["conformsTo"] = {"@id": file.profile}
    return said


def _words(said: Any) -> str:
    return str(said.get("en") or next(iter(said.values())))


def _name(licence: str) -> str:
    return "CC0 1.0 Universal" if "publicdomain/zero" in licence else licence
