"""Seeds of a fourth label, invented: how dishes are cooked."""

from __future__ import annotations

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
