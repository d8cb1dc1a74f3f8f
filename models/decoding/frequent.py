"""How much a text looks like Chinese: the share of its characters that Chinese texts use all the time."""

from __future__ import annotations

import re

_SIMPLIFIED = """\
的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事
成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此
已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代
内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安
少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光
放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔查推
荐热阅读首页登录评论编辑网站版权关于联系我们注册友情链接新闻资讯最近技术企业公司专题频道
"""
_TRADITIONAL = """\
這個們來為國說時會對過發後裡經學動開還進樣實軍無與長機將兩間問點業並應戰頭體見產給內從關門現當種沒東聲員論處義幾認條
氣題爾別變總電數報結場計資達書難權師觀讓識帶導爭運記設該規確傳領術參單萬張類統區許華號車風龍馬們麼於閱讀熱薦評編輯網
頁錄聯繫註鏈聞訊專頻繁臺灣
"""
_MARKS = "，。、；：？！“”‘’（）《》—…·【】「」『』"

FREQUENT = frozenset((_SIMPLIFIED + _TRADITIONAL).replace("\n", "") + _MARKS)
"""Characters and marks that make up most of any Chinese text, simplified or traditional."""

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_ENOUGH = 1500
"""Characters beyond ASCII that are looked at: more would not change the answer."""


def frequent_share(text: str) -> float:
    """Share of the characters beyond ASCII that are frequent in Chinese, 0 to 1; 0 where there are none.

    U+FFFD, private use and unassigned code points count as misses, so a wrong decoding scores low.
    """
    seen = hits = 0
    for found in _BEYOND_ASCII.finditer(text):
        seen += 1
        hits += found[0] in FREQUENT
        if seen == _ENOUGH:
            break
    return hits / seen if seen else 0.0
