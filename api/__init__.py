"""The HTTP face of the house: routes, contracts, identity, and the desk that speaks with the engine.

Reads go through ``db.queries``, commands through the desk; the only rows written here are the front desk's.
"""
