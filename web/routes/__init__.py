"""One module for each page."""

from web.routes import (
    apply,
    board,
    case,
    cases,
    desk,
    entrance,
    extensions,
    interviews,
    items,
    notices,
    photos,
    tracking,
    triage,
    units,
    work,
)

PAGES = (
    entrance, board, work, triage, extensions, desk, items, apply, cases, photos, case, interviews, units, notices,
    tracking,
)  # fmt: skip
