"""One module for each page."""

from web.routes import (
    board,
    case,
    cases,
    desk,
    entrance,
    extensions,
    interviews,
    notices,
    tracking,
    triage,
    units,
    work,
)

PAGES = (entrance, board, work, triage, extensions, desk, cases, case, interviews, units, notices, tracking)
