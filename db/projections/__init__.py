"""The write side of what people read: rows made from the state of a dossier, and what its events bring about."""
