"""The desk as its tests handle it, and a page to give it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.service.server_process import ServerProcess

PAGE = """首页 | 手机 | 芯片 | 汽车
存储芯片为什么又涨价
2026-11-18 来源：测试网 作者：周一
存储芯片的价格由晶圆投片量决定。厂商去年把产能转向高带宽内存，普通内存的投片量下降了三成，库存周转从十二周缩短到五周，合约价因此连续两个季度上涨。
高带宽内存要把八层芯片叠在一起，层间靠硅通孔相连，任何一层的缺陷都会让整叠报废，所以同样面积的晶圆能产出的容量只有普通内存的三分之一，产线的产能也就被它占去更多。
我认为这样的涨价毫无道理。厂商显然只顾眼前的利润，这难道不是在透支用户的信任吗？
相关推荐
机械硬盘还能再战几年
机械硬盘还能再战几年
2048
把一块用了八年的硬盘拆开以后，我们发现磁头和盘片之间...
上一篇：显卡散热的三种做法  下一篇：路由器该放在哪里
版权所有 2026 测试网 未经许可不得转载
"""
"""An invented page: a menu, a heading, an explanation, a stand, a marker, a teaser, links, a copyright line."""

EXPLANATION = PAGE.splitlines()[3]
"""One paragraph of it."""


PASTED = """(field, text) => {
  field.value = text;
  field.dispatchEvent(new InputEvent("input", {inputType: "insertFromPaste", bubbles: true}));
}"""

DROPPED = """({name, data, beside}) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], name));
  for (let other = 0; other < beside; other += 1) transfer.items.add(new File([], `${other}.txt`));
  return transfer;
}"""


def squeezed(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


@dataclass(frozen=True)
class Desk:
    """The desk in a browser. complaints : what the browser wrote to its console as errors."""

    page: Page
    server: ServerProcess
    complaints: list[str] = field(default_factory=list)

    def open(self) -> Desk:
        """Open the desk and wait until its scripts have started."""
        self.page.goto(f"http://127.0.0.1:{self.server.port}/")
        self.page.wait_for_selector("html[data-ready]")
        return self

    def label(self, text: str) -> Locator:
        """Paste a text, press the button, wait for the sections."""
        self.paste(text)
        self.page.click("#label")
        return self.shown()

    def paste(self, text: str) -> None:
        """Put a text into the field as pasting does; typing it takes the browser minutes where it is long."""
        self.page.locator("#page").evaluate(PASTED, text)

    def shown(self) -> Locator:
        """The sections, once they are there."""
        self.page.wait_for_selector("#results[aria-busy=false] .section")
        return self.page.locator(".section")

    def drop(self, name: str, data: bytes, beside: int = 0) -> None:
        """Drop a file on the page, with empty ones beside it."""
        transfer = self.page.evaluate_handle(
            DROPPED, {"name": name, "data": b64encode(data).decode(), "beside": beside}
        )
        self.page.dispatch_event("#page", "drop", {"dataTransfer": transfer})

    def texts(self) -> str:
        """What the sections show of the page, without white space."""
        return squeezed("".join(self.page.locator(".section .text").all_text_contents()))

    def answer(self, text: str) -> dict[str, Any]:
        """What the API itself answers on a text."""
        answer: dict[str, Any] = self.server.post("/v1/pages", {"page": text, "evidence": True}).json
        return answer

    def strongest(self, text: str, containing: str = "") -> tuple[int, str]:
        """The first labelled section with evidence whose text contains a word, and its strongest evidence."""
        answer = self.answer(text)
        found = [
            (index, section["evidence"][0]["text"])
            for index, section in enumerate(answer["sections"])
            if section["label"] and section["evidence"] and containing in text[section["start"] : section["end"]]
        ]
        return found[0]
