"""Replayed code only, one workflow a file. Imports the rules and ``temporalio``, nothing that touches the world."""
