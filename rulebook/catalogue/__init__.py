"""The catalogue of service items as files: read, checked, searched, drawn, and imported from tables.

``files`` reads a rulebook's versions, ``rules`` says what is wrong with them by file and line, ``search`` finds items,
``chart`` draws their flows, ``tables`` and ``drafts`` turn a real list of powers into items that can be worked on.
"""
