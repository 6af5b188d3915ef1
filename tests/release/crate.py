"""Validates a folder as an RO-Crate with the community's validator, without a network. Run by the Python that has it.

The RO-Crate context is the one that the `rocrate` library carries; nothing else is to be had from outside.
"""

import io
import json
import sys
from pathlib import Path

import requests
import rocrate
from rocrate_validator import models, services
from rocrate_validator.utils import document_loader

_ADDRESS = "https://w3id.org/ro/crate/1.3/context"
_CONTEXT = (Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_bytes()


def send(_: object, request: requests.PreparedRequest, **_options: object) -> requests.Response:
    """What the network would answer."""
    response = requests.Response()
    known = request.url == _ADDRESS
    response.status_code, response.raw = (200 if known else 404), io.BytesIO(_CONTEXT if known else b"")
    response.headers["Content-Type"] = "application/ld+json"
    response.url, response.request = str(request.url), request
    return response


requests.adapters.HTTPAdapter.send = send  # type: ignore[method-assign]
document_loader._fetch_json_ld = lambda _: json.loads(_CONTEXT)
settings = services.ValidationSettings(
    rocrate_uri=Path(sys.argv[1]),
    profile_identifier="ro-crate-1.3",
    requirement_severity=models.Severity.REQUIRED,
    skip_availability_check=True,
    no_cache=True,
)
result = services.validate(settings)
sys.stdout.write(json.dumps({"passed": result.passed(), "issues": [issue.message for issue in result.get_issues()]}))
