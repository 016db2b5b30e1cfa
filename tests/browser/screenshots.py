"""``make screenshots``: the demo on ports of its own, and a browser that takes the pictures of ``pictures``.

They are small on purpose: few colours, no more pixels than the page has.
"""

import asyncio
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from PIL import Image, ImageOps
from playwright.sync_api import Browser, sync_playwright

from api.auth import COOKIE
from domain.vocabulary import CaseStatus, DossierKind, InterviewStatus, Light
from launch.demo.photo import photo
from launch.demo.request import ServiceRequest
from launch.demo.stage import Stage
from launch.demo.story import Story
from launch.up import say
from settings import PREFIX, ROOT
from tests.browser.pictures import FOLDER, LARGEST, PICTURES, Picture
from tests.e2e.product import PASSWORD, free_ports
from web.language import COOKIE as LANGUAGE

NAMES = ("chromium", "chromium-browser", "google-chrome")
COLOURS = (192, 128, 64, 32)
"""So many are tried, until the picture is small enough."""

LIVELY = "on the board"
PATIENCE_S = 180.0
SETTLED_S = 0.4
MARGIN = 40
BROWSER = ["--no-sandbox", "--disable-gpu"]
_SEED = 2


@contextmanager
def demo(directory: Path) -> Iterator[str]:
    """The demo while its board is lively; its address."""
    ports = dict(zip(("HTTP_PORT", "TEMPORAL_PORT", "TEMPORAL_UI_PORT"), map(str, free_ports(3)), strict=True))
    own = {"DATA_DIR": str(directory), "DEMO_PASSWORD": PASSWORD, **ports}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment = inherited | {PREFIX + name: value for name, value in own.items()}
    log = directory / "demo.log"
    with log.open("wb") as out:
        started = subprocess.Popen(
            [sys.executable, "-m", "launch", "demo"], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
    try:
        _wait(started, log)
        yield f"http://127.0.0.1:{ports['HTTP_PORT']}"
    finally:
        started.terminate()
        started.wait(60)


def _wait(started: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + PATIENCE_S
    while LIVELY not in (said := log.read_text(encoding="utf-8", errors="replace")):
        if started.poll() is not None or time.monotonic() > ends:
            raise SystemExit(f"The demo did not become lively:\n{said}")
        time.sleep(0.5)


async def found_out(url: str) -> dict[str, str]:
    """Which cases the pictures are of."""
    stage = Stage.at(url, PASSWORD)
    async with stage.http:
        await stage.set()
        return {**await _cases(stage), **await _applied(stage)}


async def _cases(stage: Stage) -> dict[str, str]:
    wanted = f"cases?kind={DossierKind.INCIDENT}&light={Light.RED}&status={CaseStatus.IN_PROGRESS}&sort=received_at"
    red = max((await stage.get("supervisor", wanted))["items"], key=lambda case: int(case["version"]))
    await _told_of(stage, red["number"], red["unit"])
    convened = f"interviews?status={InterviewStatus.CONVENED}"
    interview = (await stage.get("organization_officer", convened))["items"][0]
    return {"red": red["number"], "interview": interview["id"]}


async def _told_of(stage: Stage, number: str, unit: str) -> None:
    """More happens to a case: photos, progress, an urging."""
    chance, worker = random.Random(_SEED), stage.cast.worker(unit)
    for name in ("before.png", "after.png"):
        await stage.attach(worker, number, name, photo(chance))
    await stage.post(worker, f"cases/{number}/progress", {"note": "现场看过，今天晚上做完。"})
    await stage.post("supervisor", f"cases/{number}/urging", {"note": "居民又来电话，请说明现在到哪一步。"})


async def _applied(stage: Stage) -> dict[str, str]:
    """A request that somebody follows: two steps done, the next in work."""
    request = await ServiceRequest.applied(Story(stage, random.Random(_SEED), hurried=True), "long")
    for _ in range(2):
        await request.passed()
    await request.acknowledged()
    return {"request": request.number, "code": request.code, "item": request.sheet["code"]}


def taken(browser: Browser, url: str, picture: Picture, found: dict[str, str]) -> bytes:
    """One picture. Ends the program when the page is not there."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.dark else "light",
        locale=picture.language,
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": LANGUAGE, "value": picture.language, "url": url}])
    if picture.who is not None:
        context.add_cookies([{"name": COOKIE, "value": token(url, picture.who), "url": url}])
    page = context.new_page()
    if picture.printed:
        page.emulate_media(media="print")
    answer = page.goto(picture.path.format(**found))
    if answer is None or not answer.ok:
        raise SystemExit(f"{picture.name}: {picture.path} answered {answer and answer.status}")
    page.wait_for_timeout(SETTLED_S * 1000)  # what comes after the page: photos, the QR code
    image = page.screenshot()
    context.close()
    return on_paper(image) if picture.printed else image


def on_paper(image: bytes) -> bytes:
    """With the margin that a printer leaves."""
    framed = io.BytesIO()
    ImageOps.expand(Image.open(io.BytesIO(image)).convert("RGB"), border=MARGIN, fill="white").save(framed, "PNG")
    return framed.getvalue()


def token(url: str, who: str) -> str:
    """A session of somebody."""
    signing = {"username": who, "password": PASSWORD}
    return str(httpx.post(f"{url}/api/v1/sessions", json=signing, trust_env=False).json()["token"])


def small(image: bytes) -> bytes:
    """The picture in so few colours that it is small."""
    for colours in COLOURS:
        kept = io.BytesIO()
        shrunk = Image.open(io.BytesIO(image)).convert("RGB").quantize(colours, dither=Image.Dither.NONE)
        shrunk.save(kept, "PNG", optimize=True)
        if kept.tell() < LARGEST:
            break
    return kept.getvalue()


def main(wanted: list[str]) -> None:
    """Take all pictures, or those that are named."""
    chosen = [picture for picture in PICTURES if not wanted or picture.name in wanted]
    path = os.environ.get("BIHUAN_TEST_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, demo(Path(directory)) as url:
        found = asyncio.run(found_out(url))
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            for picture in chosen:
                picture.file.write_bytes(small(taken(browser, url, picture, found)))
                say(f"{picture.file.relative_to(ROOT)}  {picture.file.stat().st_size:,} bytes")
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
