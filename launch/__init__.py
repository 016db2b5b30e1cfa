"""The command line: ``python -m launch up | api | worker | migrate | seed | doctor | submit``.

One module a command, and what they are made of: supervisor, leash, lock, ports, engine. Nothing else imports it.
"""
