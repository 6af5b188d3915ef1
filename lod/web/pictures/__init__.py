"""Pictures of the correspondence, drawn on the server as SVG from tables, each with its table beside it.

A drawing is plain shapes; one template writes them, on pages and as files. Nothing here knows of requests.
"""
