"""Replayed code only: one workflow a file. Imports the rules and ``temporalio.workflow``, nothing that touches the world."""
