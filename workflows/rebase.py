"""A new calendar carried into the running cases (E2, E5): page by page, to the end, whatever dies in between."""

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Final

from temporalio import workflow

from domain.messages import Rebasing, Visited
from workflows import declarations, options
from workflows.deadline import changed_before

PAGES: Final = 50
"""So many pages in one run; then it goes on as a new one."""

ROUNDS: Final = 24
PAUSE: Final = timedelta(minutes=5)
"""What gave no answer is visited again after this pause, so often. A worker with the right calendar is awaited too."""


@workflow.defn
class RebaseWorkflow:
    """One for each calendar version. It decides nothing: what a case makes of the calendar is the case's business."""

    _reached: Rebasing | None = None

    @workflow.query
    def progress(self) -> Rebasing | None:
        """How far it has come; None: it has not begun."""
        return self._reached

    @workflow.run
    async def run(self, rebasing: Rebasing) -> Rebasing:
        """Until every case has been visited and has answered; how many were, and how many were counted again."""
        for page in itertools.count(1):
            visited = await workflow.execute_activity(declarations.rebase_page, rebasing, **options.REBASE)
            rebasing = self._reached = _after(rebasing, visited)
            workflow.set_current_details(f"round {rebasing.round}, after `{rebasing.after}`: {rebasing.moved} moved")
            if visited.last is None:
                if not rebasing.left or rebasing.round >= ROUNDS:
                    break
                await changed_before(workflow.now() + PAUSE, lambda: False)
                rebasing = replace(rebasing, after="", left=0, round=rebasing.round + 1)
            elif page >= PAGES:
                workflow.continue_as_new(rebasing)
        return rebasing


def _after(rebasing: Rebasing, page: Visited) -> Rebasing:
    return replace(
        rebasing,
        after=page.last or rebasing.after,
        visited=rebasing.visited + page.visited,
        moved=rebasing.moved + page.moved,
        left=rebasing.left + page.left,
    )
