"""What made-up people report: Chinese sentences of a few dozen to a few hundred characters, seeded.

Some words stand in many reports, one in a few: what a search meets.
"""

from random import Random
from typing import Final

FREQUENT: Final = "路灯"
"""In every tenth report or so."""

RARE: Final = "白鹭"
"""In one report of several thousand."""

ABSENT: Final = "钨钢"
"""In none."""

_ONE_IN: Final = 4_000

_PLACES: Final = (
    "小区东门外",
    "菜市场西侧",
    "柳巷路口",
    "小学后门",
    "公交站旁",
    "河堤步道",
    "老年活动中心门口",
    "桥下",
    "地下车库入口",
    "社区卫生站对面",
    "文化广场南侧",
    "工地围挡外",
    "三号楼楼下",
    "快递柜旁边",
    "沿街商铺门前",
    "幼儿园门口",
    "停车场里",
)
_THINGS: Final = (
    "路灯",
    "井盖",
    "人行道砖",
    "垃圾桶",
    "护栏",
    "绿化带",
    "下水道",
    "消防通道",
    "电线",
    "广告牌",
    "健身器材",
    "排水沟",
    "围墙",
    "树枝",
    "公厕",
)
_FAULTS: Final = (
    "坏了好几天没有人修",
    "松动了，走过去会晃",
    "被占用，车子过不去",
    "破损严重，边上有碎片",
    "堵住了，一下雨就积水",
    "倒在地上，挡住了半边路",
    "有异味，居民意见很大",
    "夜里看不清，老人不敢走",
    "旁边堆满了杂物和建筑垃圾",
)
_WISHES: Final = (
    "请有关单位尽快派人来看一看。",
    "希望先用围挡围起来，再修好。",
    "麻烦告诉我们什么时候能处理完。",
    "之前打过电话，说不归他们管。",
    "早晚上下班的时候人很多，怕出事。",
    "已经有骑电动车的居民在这里摔倒。",
    "物业说要等街道安排。",
    "孩子上学每天都要经过这里。",
    "现场照片可以再补充。",
    "已经是这个月第二次反映。",
)
_PLANS: Final = ("今天下午到现场查看，先设置警示。", "已联系施工队，明天上午更换。", "与物业一起清理，三天内完成。")
_RESULTS: Final = (
    "已更换损坏部件并试用正常，现场清理干净。",
    "已清运杂物两车，通道恢复畅通，安排专人每周巡查。",
    "已修补路面约三平方米，撤除围挡，居民现场确认。",
)


def report(rng: Random) -> str:
    """The words of one report: two or three sentences, a long story now and then."""
    long = rng.random() < 0.1
    wishes = rng.sample(_WISHES, k=len(_WISHES) if long else rng.randint(1, 3))
    told = f"{rng.choice(_PLACES)}的{rng.choice(_THINGS)}{rng.choice(_FAULTS)}。" + "".join(wishes)
    return f"{told}附近还有{RARE}停留。" if rng.randrange(_ONE_IN) == 0 else told


def address(rng: Random) -> str:
    """Where it is, as people say it."""
    return f"{rng.choice(_PLACES)}{rng.randint(1, 90)}号附近"


def plan(rng: Random) -> str:
    """What a unit will do."""
    return rng.choice(_PLANS)


def result(rng: Random) -> str:
    """What a unit has done."""
    return rng.choice(_RESULTS)
