"""What is measured, and against what: the product beside the bare engine, on the same running server, in one run.

Figures are printed, never asserted: a machine is busy or quiet, so what counts is the ratio of two figures of one run.
``python -m benchmarks intake|commands|lateness|all``; every run has its own engine, database and ports.
"""
