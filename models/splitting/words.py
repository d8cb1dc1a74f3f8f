"""The words by which a line tells what it is: whole lines, openings, and phrases inside short lines.

Whole lines come from the lexicon that the terms also use; openings and phrases are few and stand here. All are written
in simplified script with ASCII letters, digits and bars: `lines.fold` brings a page to that form first.
"""

from __future__ import annotations

import re
from enum import IntEnum, auto
from functools import cache
from importlib import resources

from models.compiled import part
from models.page import Kind


class Role(IntEnum):
    """What one line looks like by itself. The rules make sections, and their kinds, from rows of roles."""

    SENTENCE = auto()
    SNIPPET = auto()
    TITLE = auto()
    LABEL = auto()
    DATED = auto()
    COUNT = auto()
    DATE = auto()
    ITEM = auto()
    MORE = auto()
    READ_ON = auto()
    MARKER = auto()
    MENU = auto()
    BYLINE = auto()
    COPYRIGHT = auto()
    SHARE = auto()
    ADJACENT = auto()
    CODE = auto()
    COMMENT = auto()


def set_of(*roles: Role) -> int:
    """A set of roles as kernels ask it: a bit for each."""
    return sum(1 << role for role in roles)


@part
def one_of(role: int, roles: int) -> bool:
    """Whether a role is in such a set."""
    return (roles >> role) & 1 != 0


FURNITURE = {
    Role.MENU: Kind.MENU,
    Role.MORE: Kind.MENU,
    Role.READ_ON: Kind.MENU,
    Role.BYLINE: Kind.BYLINE,
    Role.COPYRIGHT: Kind.COPYRIGHT,
    Role.SHARE: Kind.SHARE,
    Role.ADJACENT: Kind.ADJACENT,
    Role.CODE: Kind.CODE,
    Role.COMMENT: Kind.COMMENT,
}
"""Roles whose neighbouring lines make one section of their own, with its kind."""

_CLASS_ROLE = {
    "F_MENU": Role.LABEL,
    "F_BYLINE": Role.BYLINE,
    "F_SHARE": Role.SHARE,
    "F_FOLLOW": Role.SHARE,
    "F_COMMENT": Role.COMMENT,
    "F_COPYRIGHT": Role.COPYRIGHT,
    "R_MARKER": Role.MARKER,
}
"""Lexicon class → role of a line that is nothing but a word of it. One word of a menu is a plain label."""

_MARKERS = """相关 相关文章推荐 推荐 推荐阅读 热门 热点搜索 热搜 热榜 热文 热文推荐 热门阅读 热点阅读 今日热榜
    今日热搜 为你精选 大家都在读 大家都爱看 看过本文的人还看了 看了这篇文章的人还看了 读过此文的还读过 你可能还想看
    您可能还想看 您可能关注 你也许喜欢 也许你还喜欢 更多文章 更多精彩内容 精彩文章 文章推荐 新闻推荐 内容推荐
    资讯推荐 专题推荐 好文推荐 阅读更多文章 排行 排行榜 点击榜 阅读榜 人气榜 同类新闻 其他新闻 其它新闻 编辑精选
    本月热榜 本周热榜 推荐文章列表 相关资料 猜你想看 猜你感兴趣 你可能还喜欢 您也许感兴趣 你可能错过的 更多相关文章
    更多相关内容 近期热门 往期精选 精彩回看 上期回顾 前文回顾 相关的文章 类似文章 相似文章 延展阅读 参考阅读
    热点排行 热度排行 最热文章 最多阅读 最受欢迎 大家还看了 网友还看了""".split()
_ADJACENT = """上一篇 下一篇 上篇 下篇 上一条 下一条 前一篇 后一篇 上一章 下一章 上一节 下一节 上一页 下一页 上一个
    下一个 上一主题 下一主题 上一组 下一组 上页 下页 尾页 末页
    没有了 已是最后一篇 已经是最后一篇 返回目录 返回列表""".split()
_MORE = """查看更多 点击查看更多 点击查看 点击展开 展开 收起 展开更多 更多 了解更多 加载更多 点击加载更多 换一换 换一批
    查看全部 more""".split()
_READ_ON = """阅读全文 查看全文 展开全文 展开阅读全文 点击阅读全文 阅读剩余全文 余下全文 全文阅读 全文 查看原文 查看详情
    查看详细 详细 详情 了解详情 继续阅读 阅读更多 READMORE ReadMore""".split()
_LABELS = """登录 注册 登录注册 登录后查看更多 请登录 立即登录 免费注册 忘记密码 退出 搜索 首页 登录后评论""".split()

_SHARE = """微信 微博 新浪微博 腾讯微博 QQ空间 QQ好友 QQ 朋友圈 豆瓣 人人网 复制链接 微信扫一扫 手机看 打印 转发
    点赞 赞 打赏""".split()

_OPENINGS: dict[Role, str] = {
    Role.ADJACENT: """上一篇 下一篇 上篇: 下篇: 上一条 下一条 前一篇 后一篇 上一章 下一章 上一个: 下一个: 上一页
        下一页 上一主题 下一主题""",
    Role.BYLINE: """责任编辑 责编: 责编| 编辑: 编辑| 作者: 作者| 作者/ 来源: 来源| 文章来源 稿件来源 信息来源
        新闻来源 本文来源 本文来自 原标题 (原标题 文/ 文| 文丨 图/ 图| 撰文 记者: 通讯员: 审核: 校对: 发布时间
        发布日期 发表时间 更新时间 最后更新 发布于 发表于 更新于 创建时间 时间: 日期: 阅读: 浏览: 点击: 人气:
        阅读量 阅读数 浏览次数 浏览量 点击数 标签: 标签| 标签/ 关键词: 关键字: 关键词| Tags: Tag: tags: TAG: 分类:
        栏目: 所属分类 字号: 字体: [责任编辑 (责任编辑 (责编 (编辑 (来源 [来源 [编辑 [作者 (作者 【责任编辑 【编辑
        【作者 【来源 监制: 供稿: 初审: 终审: 复审: 封面来源 图源 题图来源 头图来源 出品| 出品: 选稿:""",
    Role.COPYRIGHT: """版权所有 版权声明 版权归 免责声明 免责申明 法律声明 郑重声明 特别声明 本站声明 本网声明
        声明: 声明| Copyright copyright COPYRIGHT © (C) (c) ICP备 备案号 备案/ 转载请注明 未经授权 未经许可
        未经允许 Powered 技术支持: 主办单位: 主办: 违法和不良信息 不良信息举报 增值电信 京公网安备 网站地图:
        著作权归 本文为转载 本文章为转载 以上内容来源 著作权""",
    Role.SHARE: """分享到 分享至 分享给 分享: 扫码 扫一扫 扫描二维码 扫描下方 扫描上方 微信扫 手机扫 长按识别
        长按二维码 长按图片 长按关注 关注我们 关注公众号 关注微信 关注本公众号 点击关注 点击上方 点击下方 欢迎关注
        更多精彩请关注 更多精彩内容请关注 下载客户端 下载App 下载APP 打开App 打开APP 微信公众号: 公众号: 官方微信:""",
    Role.COMMENT: "回复 网友评论 发表评论 我要评论 写评论 评论( 评论列表 全部评论 最新评论 热门评论 暂无评论",
    Role.MENU: """当前位置 您的位置 您现在的位置 你的位置 所在位置 您当前的位置 您当前位置 现在的位置 位置: 首页>
        首页» 首页> 首页| 首页/ 首页- 首页· 主页> 设为首页 加入收藏 登录| 登录/ 登录后 请登录 请先登录 您好,请
        您好，请 您好,欢迎 您好，欢迎 欢迎您, 欢迎您， 友情链接 网站首页 跳至 跳到 跳转至 返回顶部 快速导航
        点击展开 展开全文 展开阅读 点击查看 查看更多 查看全部 查看原文 点击阅读 点击进入 加载更多 >>首页""",
}

WHOLE_LINE = 24
"""Longest line, in characters, that is looked up as a whole."""
PHRASE_LINE = 90
"""Longest line in which a phrase decides; longer ones are prose that happens to hold it."""

OPENINGS_LENGTH = {
    Role.BYLINE: 120,
    Role.SHARE: 60,
    Role.ADJACENT: 200,
    Role.COMMENT: 20,
    Role.MENU: 160,
    Role.COPYRIGHT: 400,
}
"""Longest line, in characters, that an opening decides: past that the words open a sentence."""

_PHRASES = {
    Role.COPYRIGHT: r"版权所有|ICP[备证]|网安备|保留所有权|Copyright|copyright|©|All [Rr]ights|all [Rr]ights"
    r"|违者必究|侵权必究|不代表本[站网]|联系删除",
    Role.ADJACENT: "下一篇:|上一篇:",
    Role.BYLINE: "责任编辑|责编:|编辑:|来源:|作者:|记者:|选稿:|发布时间|发布日期|浏览次数|次浏览|次阅读|人阅读",
    Role.SHARE: "扫码关注|扫描二维码|识别二维码|长按二维码|微信公众号|关注公众号|关注我们|下方二维码"
    "|朋友圈.{0,9}微博|微博.{0,9}微信",
}
_ALTERNATIVES = frozenset(phrase for phrases in _PHRASES.values() for phrase in phrases.split("|"))
PHRASE_STARTS = frozenset(phrase[: 2 if phrase[2] == "." else 3] for phrase in _ALTERNATIVES if len(phrase) > 1)
"""The first three characters of each phrase, or two where the third may be any."""
SPEAKING_MARKS = frozenset(phrase for phrase in _ALTERNATIVES if len(phrase) == 1)
"""Phrases of one character, which are openings too."""

PHRASE = re.compile("|".join(f"(?P<{role.name}>{phrases})" for role, phrases in _PHRASES.items()))
"""Phrases that decide a short line wherever they stand in it; the group's name is the role's."""

ANY_PHRASE = re.compile("|".join(_PHRASES.values()))
"""The same without groups, to find where one stands: where each way begins with one certain character, `re` skips those
that none begins with, and takes a tenth of the time."""

HINTS = tuple(
    "recommend related relate relevant hot hotlist rank ranking aside sidebar side nav navbar menu footer "
    "foot header comment comments reply share copyright crumb crumbs breadcrumb breadcrumbs tuijian xiangguan "
    "remen paihang guess pager pagination prev next login search tags friend links ads banner author byline "
    "disclaimer follow qrcode".split()
)
"""Words of class and id attributes that tell of a section's role."""


@cache
def whole_lines() -> dict[str, Role]:
    """Line without spaces and outer punctuation → its role; read from the lexicon once."""
    words: dict[str, Role] = {}
    table = resources.files("models").joinpath("lexicon", "domain.tsv").read_text("utf-8")
    for row in table.splitlines():
        word, _, name = row.partition("\t")
        role = _CLASS_ROLE.get(name)
        if role and not bare(word).isdecimal():
            words.setdefault(bare(word), role)
    for role, own in (
        (Role.MARKER, _MARKERS),
        (Role.ADJACENT, _ADJACENT),
        (Role.MORE, _MORE),
        (Role.READ_ON, _READ_ON),
        (Role.LABEL, _LABELS),
        (Role.SHARE, _SHARE),
    ):
        words.update((bare(word), role) for word in own)
    words.pop("", None)
    return words


@cache
def openings() -> dict[str, tuple[tuple[str, Role], ...]]:
    """First character of a line → the openings that begin with it, longest first, each with its role."""
    table: dict[str, list[tuple[str, Role]]] = {}
    for role, text in _OPENINGS.items():
        for word in text.split():
            table.setdefault(word[0], []).append((word, role))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in table.items()}


def opening_starts() -> frozenset[str]:
    """The first three characters of each opening, or the two that it has; `SPEAKING_MARKS` have one."""
    return frozenset(opening[:3] for rows in openings().values() for opening, _ in rows if len(opening) > 1)


OUTER = " \t:：>»›<«‹[]【】()（）|·•●■◆▶★☆▼▲→←-—_=*#+\"'“”.…、,，!！?？/↓↑"


def bare(line: str) -> str:
    """The line without the punctuation around it and without spaces."""
    return line.strip(OUTER).replace(" ", "")
