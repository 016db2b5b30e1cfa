"""Whether a completion says what was done. "Forwarded", a date or punctuation is no answer (A12).

A completion is judged by what is left of it without the words that only say that paper has moved: nothing left, no
answer. The words are the language's, not the rulebook's.
"""

import re
import unicodedata
from typing import Final

from domain.errors import Unprocessable
from domain.intake import check_text

_MOVED: Final = "转办|转交|转派|转送|转达|转给|转至|转到|移交|交办|交由|交给|派单|派发|派送|下派|上报|流转"
_BODY: Final = "局|部门|单位|科|所|队|委|办|中心|公司|街道|社区|站"
_CHINESE: Final = re.compile(
    # Passed on to somebody who is named
    rf"(?:{_MOVED})[了给至到由往]{{0,2}}[\u4e00-\u9fff]{{1,12}}?(?:{_BODY})"
    # … or not named
    r"|(?:相关|有关|责任|主管|承办|职能|具体|上级|下级|对口|其他)"
    r"|部门|单位|科室|处室|工作人员|人员|领导|同志|负责人|街道|社区"
    rf"|{_MOVED}|转"
    # … said to be done
    r"|处理|办理|办结|完成|解决|核实|落实|跟进|受理|收悉|知悉|知晓|答复|回复|反馈|结案|处置|收到|阅"
    # … politely
    r"|您好|你好|尊敬的|市民|网友|感谢|谢谢|支持|理解|我们|我局|本局|此|该|本|我|您|各|问题|事项|工单|情况|反映|反应|诉求"
    r"|来电|来信|来件|案件|事件|内容|结果|现|均|都|并|将|由|给|至|到|向|让|请|待|需|已经|已|正在|正|在|尽快|及时|立即|马上"
    r"|予以|进行|进一步|中|完毕|完|毕|了|的|后|吧|好|是|对|暂无|没有|无|同上|如题|略|测试|对此|与|和"
    # … on a date
    r"|[0-9年月日号时点分秒]|上午|下午|[今昨明][天日]|(?:星期|周)[一二三四五六日天]"
)
_ENGLISH_WORDS: Final = """
    a all already am and be been being by case closed complaint completed concerned date department departments done
    finished fixed for forwarded from handed handled has have incident is issue it matter n na next nil no none noted
    null ok okay on other our over pass passed pm processed received referred relevant report request resolved
    responsible sent solved submitted tbd test thank thanks the this to today tomorrow transferred transmitted unit
    units was we will with yes yesterday you your january february march april may june july august september
    october november december jan feb mar apr jun jul aug sep oct nov dec monday tuesday wednesday thursday friday
    saturday sunday mon tue wed thu fri sat sun
"""
_ENGLISH: Final = frozenset(_ENGLISH_WORDS.split())
_FORWARDED: Final = re.compile(
    r"(?:(?:it|this|the|case|matter|complaint|issue|report|has|have|been|was|is|already|we) )*"
    r"(?:forwarded|transferred|transmitted|referred|sent|submitted|passed|handed)(?: (?:it|this|on|over))*"
    r"(?: to(?: (?!and |then |who |which )\w+){1,6})?"
)
_BETWEEN: Final = re.compile(r"[\W_]+")
_NUMBER: Final = re.compile(r"[0-9]+(?:st|nd|rd|th|t[0-9]+|[tz])?")


def check_answer(result: str, longest: int, *, field: str = "result") -> str:
    """The answer without blanks around it.

    Raises Unprocessable("answer_without_content") when it says nothing about what was done, and what ``check_text``
    raises for texts that are too long or cannot be shown.
    """
    text = check_text(result, longest, field=field, empty_allowed=True)
    if is_without_content(text):
        raise Unprocessable("answer_without_content", field=field)
    return text


def is_without_content(text: str) -> bool:
    """Whether a text is empty, only punctuation, only a date, or only says that the matter was passed on or is done."""
    plain = _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
    if _FORWARDED.fullmatch(plain):
        return True
    kept = "".join(word for word in plain.split(" ") if word not in _ENGLISH and not _NUMBER.fullmatch(word))
    return not _CHINESE.sub("", kept)
