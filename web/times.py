"""Times as people read them: relative in lists, absolute beside it, always Asia/Shanghai (E6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from domain.worktime import SHANGHAI
from web.language import Say, mark

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_WEEKDAYS = (mark("周一"), mark("周二"), mark("周三"), mark("周四"), mark("周五"), mark("周六"), mark("周日"))


@dataclass(frozen=True, slots=True)
class Times:
    """The times of one answer, in one language, as of ``at``."""

    say: Say
    at: datetime

    def stamp(self, instant: datetime) -> str:
        """``2026-11-23 21:35``."""
        return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")

    def exact(self, instant: datetime) -> str:
        """``2026-11-23 21:35:07``."""
        return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")

    def day(self, instant: datetime) -> str:
        """``11-23 周一``."""
        local = instant.astimezone(SHANGHAI)
        return f"{local:%m-%d} {self.say(_WEEKDAYS[local.weekday()])}"

    def field(self, instant: datetime | None) -> str:
        """As a field for a date and a time takes it."""
        return instant.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M") if instant else ""

    def span(self, length: timedelta) -> str:
        """``3 小时 5 分``: two units at most, the smaller one only where it tells something."""
        seconds = int(abs(length.total_seconds()))
        if seconds < _MINUTE:
            return self.say(mark("{n} 秒"), n=seconds)
        if seconds < _HOUR:
            return self.say(mark("{n} 分钟"), n=seconds // _MINUTE)
        if seconds < _DAY:
            hours, rest = divmod(seconds, _HOUR)
            return self._two(self.say(mark("{n} 小时"), n=hours), mark("{n} 分钟"), rest // _MINUTE)
        days, rest = divmod(seconds, _DAY)
        return self._two(self.say(mark("{n} 天"), n=days), mark("{n} 小时"), rest // _HOUR)

    def _two(self, larger: str, smaller: str, n: int) -> str:
        return f"{larger} {self.say(smaller, n=n)}" if n else larger

    def relative(self, instant: datetime) -> str:
        """``14 分钟后``, ``2 天 3 小时前``."""
        text = self.span(instant - self.at)
        if instant >= self.at:
            return self.say(mark("{span}后"), span=text)
        return self.say(mark("{span}前"), span=text)

    def when(self, instant: datetime | None, *, ticking: bool = False) -> Markup:
        """The time relative to now, with the absolute one on hover and in print; ``ticking``: kept up to date."""
        if instant is None:
            return Markup("—")
        return Markup('<time datetime="{}" title="{}"{}>{}</time>').format(
            instant.isoformat(),
            self.exact(instant),
            Markup(" data-tick") if ticking else "",
            self.relative(instant),
        )
