"""The bare page: what FastAPI and a template cost for a list of seventy-two rows that are there already."""

import sys

import uvicorn
from fastapi import FastAPI, Response
from jinja2 import Environment

ROWS = 72

_PAGE = """<!doctype html><html lang="zh-CN"><head><title>{{ title }}</title></head><body><ul>
{% for row in rows %}
<li id="row-{{ row.number }}"><a href="/cases/{{ row.number }}">{{ row.number }}</a> <b>{{ row.what }}</b>
<p>{{ row.words }}</p><span>{{ row.unit }}</span> <time datetime="{{ row.at }}">{{ row.at }}</time> {{ row.light }}</li>
{% endfor %}
</ul></body></html>
"""


def create_app() -> FastAPI:
    """One page, without a database, a session or a rule."""
    app, template = FastAPI(), Environment(autoescape=True).from_string(_PAGE)
    rows = [
        {
            "number": f"SJ261123-{number:07d}",
            "what": "道路不洁",
            "words": "小区东门外的路灯坏了好几天没有人修。请有关单位尽快派人来看一看。",
            "unit": "望桐街道城市管理所",
            "at": "2026-11-23T08:00:00+08:00",
            "light": "绿灯",
        }
        for number in range(ROWS)
    ]

    @app.get("/")
    async def page() -> Response:
        return Response(template.render(title="list", rows=rows), media_type="text/html")

    return app


if __name__ == "__main__":
    uvicorn.run(
        create_app(), host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools", ws="none",
        access_log=False, log_level="warning",
    )  # fmt: skip
