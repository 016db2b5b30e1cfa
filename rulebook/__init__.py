"""The rulebook as files: what an administrator edits, checked and turned into the domain's values.

``load.open_rulebook`` reads a directory; ``problems`` says what is wrong with one, by file and line.
"""
