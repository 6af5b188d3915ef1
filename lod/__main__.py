"""`python -m lod` is `lod`."""

from lod.cli import app

app()
