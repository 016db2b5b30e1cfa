"""Reads. Each function takes a connection and, where a person asks, the person; none writes."""
