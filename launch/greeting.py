"""What is said once everything is up: where it is, who may sign in, what to try."""

import json
from collections.abc import Iterator

from domain.vocabulary import Role, Source
from launch.engine import HOST
from rulebook.load import open_rulebook
from settings import Settings


def lines(settings: Settings) -> Iterator[str]:
    """The lines to print."""
    base = settings.local_url
    yield ""
    yield f"Bihuan runs.   {base}"
    yield f"  pages         {base}/   (residents: {base}/track)"
    yield f"  documentation {base}/api/v1/docs"
    if settings.engine_is_embedded:
        yield f"  engine's page http://{HOST}:{settings.temporal_ui_port}"
    else:
        yield f"  engine        {settings.engine_address}"
    yield f"  data          {settings.data_dir}"
    yield f"  rulebook      {settings.rulebook}"
    yield ""
    yield f"Accounts of the demo district, password {settings.demo_secret()} (unless it was changed):"
    yield "  " + ", ".join(Role)
    yield ""
    yield "Try:"
    yield f"  TOKEN=$(curl -s {base}/api/v1/sessions -H 'Content-Type: application/json' \\"
    yield f'    -d \'{{"username": "supervisor", "password": "{settings.demo_secret()}"}}\' | \\'
    yield "    python3 -c 'import json, sys; print(json.load(sys.stdin)[\"token\"])')"
    yield f"  curl -s {base}/api/v1/incidents \\"
    yield "    -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\"
    yield f"    -d '{_report(settings)}'"
    yield f'  curl -s {base}/api/v1/cases -H "Authorization: Bearer $TOKEN"'
    yield ""
    yield "Ctrl-C stops everything; nothing is lost."


def _report(settings: Settings) -> str:
    """The body of a report that the rulebook in force takes."""
    opened = open_rulebook(settings.rulebook)
    body = {
        "category": next(iter(opened.rulebook.categories)),
        "description": "路灯不亮，晚上看不清台阶",
        "place": {"grid": opened.district.grids[0].code},
        "reporter": {"anonymous": True},
        "source": Source.DESK,
    }
    return json.dumps(body, ensure_ascii=False)
