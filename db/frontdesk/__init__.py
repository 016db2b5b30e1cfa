"""The only rows that the API writes: accepted reports, commands with their words, people and their sessions.

Everything else that is written is the recorder's.
"""
