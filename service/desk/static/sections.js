// The page's sections as a list: one stop for Tab, arrows move inside it, Enter or a click opens.

import { labelOf } from "./answer.js";
import { details } from "./details.js";
import { element } from "./dom.js";
import { cut } from "./marks.js";
import { paint } from "./palette.js";
import { percent, sayLabel } from "./words.js";

const MOVES = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (_, last) => last,
};

export class SectionList {
  /** @param {HTMLOListElement} list */
  constructor(list) {
    this.list = list;
    this.answer = null;
    list.addEventListener("click", (event) => this.#clicked(event));
    list.addEventListener("keydown", (event) => this.#pressed(event));
    list.addEventListener("focusin", (event) => this.#stopAt(event.target.closest(".section")));
  }

  /** Shows an answer's sections; those at the `opened` indexes are open. */
  show(answer, opened = []) {
    this.answer = answer;
    this.list.replaceChildren(...answer.sections.map((section, index) => this.#item(section, index)));
    for (const index of opened) this.#open(this.list.children[index]);
    this.#stopAt(this.list.firstElementChild);
  }

  /** Shows only the sections of a label, or all for null. Returns how many are shown. */
  filter(label) {
    for (const item of this.list.children) item.hidden = label !== null && item.dataset.label !== label;
    const shown = this.#shown();
    if (this.list.querySelector("[tabindex='0']")?.closest(".section").hidden) this.#stopAt(shown[0]);
    return shown.length;
  }

  opened() {
    return [...this.list.children].flatMap((item, index) => (item.classList.contains("open") ? [index] : []));
  }

  /** Brings a section into view and puts the focus on it. */
  reveal(index) {
    this.list.children[index].querySelector(".tag").focus();
    this.list.children[index].scrollIntoView({ block: "center" });
  }

  #item(section, index) {
    const label = labelOf(section);
    const tag = element("button", { class: "tag" }, [
      element("span", { class: "name", text: sayLabel(label) }),
      element("span", { class: "probability", text: section.label ? percent(section.probability) : "" }),
    ]);
    tag.type = "button";
    tag.tabIndex = -1;
    tag.setAttribute("aria-expanded", "false");
    const item = element("li", { class: "section" }, [tag, this.#text(section, [])]);
    item.dataset.label = label;
    item.dataset.index = String(index);
    paint(item, label, this.answer.palette);
    return item;
  }

  /** The section's text with its heading set off and its evidence marked; outer blank lines are not shown. */
  #text(section, evidence) {
    const { offsets } = this.answer;
    const whole = offsets.slice(section.start, section.end);
    const start = section.start + whole.length - whole.trimStart().length;
    const end = Math.max(start, section.end - whole.length + whole.trimEnd().length);
    const split = section.heading && whole.trimStart().startsWith(section.heading);
    const body = split ? start + [...section.heading].length : start;
    const text = element("p", { class: "text" }, this.#marked(body, end, evidence));
    if (split) text.prepend(element("strong", {}, this.#marked(start, body, evidence)));
    text.lang = "zh";
    return text;
  }

  #marked(start, end, evidence) {
    return cut(start, end, evidence).map((piece) => {
      const text = this.answer.offsets.slice(piece.start, piece.end);
      if (!piece.evidence) return document.createTextNode(text);
      const mark = element("mark", { text });
      mark.title = sayLabel(piece.evidence.label);
      paint(mark, piece.evidence.label, this.answer.palette);
      return mark;
    });
  }

  #clicked(event) {
    const item = event.target.closest(".section");
    const reading = event.target.closest(".details") || !getSelection().isCollapsed;
    if (!item || (reading && !event.target.closest(".tag"))) return;
    item.querySelector(".tag").focus({ preventScroll: true });
    if (item.classList.contains("open")) this.#close(item);
    else this.#open(item);
  }

  #open(item) {
    const section = this.answer.sections[Number(item.dataset.index)];
    item.classList.add("open");
    item.querySelector(".tag").setAttribute("aria-expanded", "true");
    item.querySelector(".text").replaceWith(this.#text(section, section.evidence ?? []));
    item.append(details(section, this.answer.palette));
  }

  #close(item) {
    const section = this.answer.sections[Number(item.dataset.index)];
    item.classList.remove("open");
    item.querySelector(".tag").setAttribute("aria-expanded", "false");
    item.querySelector(".text").replaceWith(this.#text(section, []));
    item.querySelector(".details").remove();
  }

  #pressed(event) {
    const item = event.target.closest(".section");
    if (event.key === "Escape" && item.classList.contains("open")) this.#close(item);
    if (!(event.key in MOVES)) return;
    event.preventDefault();
    const shown = this.#shown();
    const last = shown.length - 1;
    const next = Math.min(last, Math.max(0, MOVES[event.key](shown.indexOf(item), last)));
    shown[next].querySelector(".tag").focus();
  }

  #shown() {
    return [...this.list.children].filter((item) => !item.hidden);
  }

  /** Makes a section the list's one stop for Tab. */
  #stopAt(item) {
    this.list.querySelector("[tabindex='0']")?.setAttribute("tabindex", "-1");
    item?.querySelector(".tag").setAttribute("tabindex", "0");
  }
}
