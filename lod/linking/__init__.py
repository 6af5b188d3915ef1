"""Names matched to things: reconciliation, look-up by authority, candidates for authority links and what becomes of them."""
