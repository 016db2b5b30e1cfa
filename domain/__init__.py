"""The rules of Bihuan: pure functions of values that are passed in.

Standard library only. No clock, no input or output, no framework, no globals that change. What a unit holds is the
package ``holding``, service requests ``service``, the items that one may apply for ``catalogue``; beside them lie what
all share, and each of the other dossiers in a module or a few of its own.
"""
