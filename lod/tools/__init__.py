"""Commands for those who work on lod itself."""
