"""Seeds of a fourth label, invented: how dishes are cooked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from typing import Any

LABELS = ("tech_analysis", "opinion", "recommendation_teaser", "recipe", "none")
DISHES = (
    *("番茄炒蛋", "红烧肉", "清蒸鲈鱼", "麻婆豆腐", "酸辣土豆丝"),
    *("宫保鸡丁", "葱油拌面", "冬瓜排骨汤", "蒜蓉西兰花", "糖醋里脊"),
)
STEPS = (
    "{dish}的做法：锅里放两勺油，烧到七成热，倒入切好的主料翻炒一分钟，加盐半勺，盖上锅盖焖三分钟出锅。",
    "做{dish}先把食材洗净切块，用料酒和姜片腌十分钟，再下锅小火慢炖，起锅前撒一把葱花。",
    "{dish}要好吃，生抽两勺、糖一勺、淀粉半勺调成汁，大火收汁时淋进去，翻匀即可装盘。",
)
MENU = "首页 | 菜谱 | 食材"
RECIPE = STEPS[0].format(dish="鱼香茄子")
"""A text that a version with these seeds takes for a recipe; one without them knows no such label."""


def recipe_pages() -> str:
    """The seeds, as seed pages."""
    return "\n".join(
        f"=== cook-{number} | subject: cooking | register: recipe\n"
        + "\n".join(f"[recipe]\n{step.format(dish=dish)}" for step in STEPS)
        + f"\n[none]\n{MENU}\n"
        for number, dish in enumerate(DISHES)
    )


MAIN = ("牛腩", "鸡翅", "虾仁", "茄子", "豆角", "莲藕", "排骨", "菌菇", "南瓜", "鲫鱼", "莴笋", "腐竹")
FIRST = (
    "{main}洗净，切成{size}的块，用{season}腌{minutes}分钟。",
    "先把{main}放进冷水里泡{minutes}分钟，捞出沥干，再切{size}的片。",
    "{main}改刀切丝，加{season}抓匀，静置{minutes}分钟入味。",
    "锅中水烧开，{main}焯{minutes}分钟去腥，过凉水备用。",
)
THEN = (
    "热锅凉油下{spice}爆香，转{fire}翻炒，淋{season}上色。",
    "另起一锅放{spoons}勺油，油温六成时倒入主料，{fire}煸至微黄。",
    "砂锅里铺上{spice}，倒没过食材的热水，{fire}焖着。",
    "平底锅刷一层油，两面各煎{minutes}分钟，撒{spice}提味。",
)
LAST = (
    "收汁后尝咸淡，补{spoons}克盐，撒葱花装盘。",
    "出锅前勾薄芡，点几滴香油即可。",
    "盖盖再炖{minutes}分钟，揭盖大火把汤汁收浓。",
    "关火焖{minutes}分钟，盛出配米饭吃。",
)
CHOICES = {
    "main": MAIN,
    "size": ("两指宽", "一厘米厚", "拇指大", "薄薄"),
    "season": ("料酒和生抽", "蚝油", "白胡椒粉和盐", "豆瓣酱", "米醋"),
    "spice": ("姜片和蒜瓣", "花椒八角", "干辣椒段", "葱白"),
    "fire": ("小火", "中火", "大火"),
    "spoons": ("两", "三", "半"),
    "minutes": ("五", "八", "十", "十五", "二十"),
}
ON_PAGES, A_PAGE = 40, 4
LONE = 40


def recipe_records() -> list[dict[str, Any]]:
    """Two hundred more recipes, no two the same, as records of seeds: forty pages of four, and forty lone texts."""
    cooked = _cooked()
    pages = [
        {
            "page": f"kitchen-{number}",
            "sections": [
                *({"text": next(cooked), "label": "recipe"} for _ in range(A_PAGE)),
                {"text": f"首页 | 菜谱 | 食材 | 第{number + 1}期", "label": "none"},
            ],
        }
        for number in range(ON_PAGES)
    ]
    return [*pages, *({"text": next(cooked), "label": "recipe"} for _ in range(LONE))]


def another_recipe() -> str:
    """One that is not among the two hundred."""
    return next(islice(_cooked(), ON_PAGES * A_PAGE + LONE, None))


def _cooked() -> Iterator[str]:
    """Recipes without end, always the same ones."""
    chance, told = random.Random(5), set[str]()  # noqa: S311 - makes examples, guards nothing
    while True:
        steps = "".join(chance.choice(part) for part in (FIRST, THEN, LAST))
        text = steps.format(**{name: chance.choice(values) for name, values in CHOICES.items()})
        if text not in told:
            told.add(text)
            yield text
