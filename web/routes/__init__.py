"""One module for each page."""

from web.routes import (
    account,
    admin,
    admin_accounts,
    admin_calendar,
    admin_places,
    apply,
    board,
    case,
    cases,
    desk,
    entrance,
    extensions,
    interviews,
    items,
    looks,
    notices,
    officer,
    officer_report,
    officer_verify,
    officers,
    outbox,
    phone,
    photos,
    similar,
    tracking,
    trends,
    triage,
    units,
    work,
)

PAGES = (
    entrance, board, work, triage, extensions, desk, items, apply, cases, photos, similar, looks, case, interviews,
    units, trends, notices, tracking, account, admin, admin_accounts, admin_calendar, admin_places,
    officer, officer_report, officer_verify, outbox, phone, officers,
)  # fmt: skip
