"""Errors of pages: what happened, what was kept, what to do next. The API's own stay problems in JSON."""

from typing import Final
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from api.problems import FAILURES, Problem, problem_of
from api.problems import render as render_problem
from web.language import mark
from web.page import render, visit
from web.session import local

_API: Final = ("/api/", "/healthz", "/readyz", "/metrics", "/officer/send/")

_HAPPENED: Final = {
    403: mark("这一步不能由您来做"),
    404: mark("没有找到这个页面或案件"),
    429: mark("尝试的次数太多"),
    503: mark("系统暂时不可用"),
}
_NEXT: Final = {
    403: mark("返回上一页；如果您认为这是您的职责，请联系管理员核对您的角色。"),
    404: mark("请核对编号。您无权查看的案件同样显示为没有找到。"),
    429: mark("请稍等一会儿再试。"),
    503: mark("请稍后重试。案件的计时不受影响，到期事项会按原定时刻补办。"),
}
_OTHER_HAPPENED: Final = mark("没有完成")
_OTHER_NEXT: Final = mark("请返回上一页，检查后重试。")
_NOTHING_DONE: Final = mark("什么都没有改变。")
_NOT_KNOWN: Final = mark("这一步可能已经完成，请先查看案件的经过，不要重复办理。")
_EXPIRED: Final = mark("请返回上一页，刷新后重新提交；您填写的内容在那一页上还在。")
UNKNOWN_OUTCOME: Final = frozenset({"outcome_unknown", "internal_error"})


def install(app: FastAPI) -> None:
    """Failures of pages become pages."""

    async def fail(request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        if request.url.path.startswith(_API):
            return render_problem(problem)
        if problem.status == 401 and problem.code == "not_authenticated":
            return _to_sign_in(request)
        return page_of(request, problem)

    for kind in FAILURES:
        app.add_exception_handler(kind, fail)


def page_of(request: Request, problem: Problem) -> Response:
    """The page that tells of a problem."""
    seen = visit(request)
    content = {
        "problem": problem,
        "happened": _HAPPENED.get(problem.status, _OTHER_HAPPENED),
        "kept": kept(problem.code),
        "next_step": _EXPIRED if problem.code == "form_expired" else _NEXT.get(problem.status, _OTHER_NEXT),
    }
    response = render(seen, "error.html", content, status=problem.status)
    response.headers.update({name: value for name, value in problem.headers.items() if name == "Retry-After"})
    return response


def kept(code: str) -> str:
    """What became of what was sent."""
    return _NOT_KNOWN if code in UNKNOWN_OUTCOME else _NOTHING_DONE


def _to_sign_in(request: Request) -> Response:
    """Whoever is not signed in signs in first, and comes back to what was to be read."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    again = {"next": local(path)} if request.method == "GET" else {"expired": "1"}
    address = f"/signin?{urlencode(again)}"
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": "/signin"})
    return RedirectResponse(address, 303)
