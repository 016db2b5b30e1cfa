"""Everything that workflows let touch the world: small classes that are given what they need. Thin and idempotent."""
