"""Audits of the shipped corpus against the book it takes its facts from; they run where the scan is at hand."""
