"""The rules of Bihuan: pure functions of values that are passed in.

Standard library only. No clock, no input or output, no framework, no globals that change.
"""
