// A verdict as a dated memo on one page, from the browser's own print dialog, which can also save it as a PDF.

import type { Strings } from "../strings";
import memoStyles from "../styles/memo.css";
import type { Section, Summary, Verdict } from "../talk/cards";
import { plain } from "./words";

const LARGEST = 10.5; // points
const COMFORTABLE = 8.5;
const SMALLEST = 4;
const TALLEST = 925; // pixels that both A4 and Letter have between margins of 15 mm
// Only a sheet of the document may set the margins of a page, or take away what is beside the memo.
const PAGE = "@page{margin:15mm}@media print{html{background:none!important}body{display:none!important}}";

/** @param name of who advises. */
export function print(root: HTMLElement, card: Verdict, answers: Summary | undefined, name: string, strings: Strings) {
  const paper = memo(card, answers, name, strings);
  const [page, look] = [sheet(PAGE), sheet(memoStyles)];
  const shadow = root.getRootNode() as ShadowRoot;
  const before = document.title;
  document.adoptedStyleSheets.push(page);
  shadow.adoptedStyleSheets.push(look);
  document.title = `${plain(card.title)}, ${card.date}`; // the name of the file
  root.append(paper);
  fit(paper);
  const done = () => {
    paper.remove();
    document.title = before;
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== page);
    shadow.adoptedStyleSheets = shadow.adoptedStyleSheets.filter((one) => one !== look);
  };
  // Some browsers say so before they have drawn the page.
  addEventListener("afterprint", () => setTimeout(done, 1000), { once: true });
  window.print();
}

/** Takes the largest print with which everything is on one page, and two columns rather than small print. */
function fit(paper: HTMLElement): void {
  const fits = (least: number) => {
    for (let size = LARGEST; size >= least; size -= 0.25) {
      paper.style.fontSize = `${size}pt`;
      if (paper.scrollHeight <= TALLEST) return true;
    }
    return false;
  };
  if (fits(COMFORTABLE)) return;
  paper.classList.add("dense");
  fits(SMALLEST);
}

function memo(card: Verdict, answers: Summary | undefined, name: string, strings: Strings): HTMLElement {
  const { label, level } = card.strength;
  const head = made("header", made("p", `${name}, ${card.date}`), made("h1", card.title));
  head.append(made("p", made("b", `${strings.firmness}: `), label ?? strings.strength[level]));
  const body = made("div", ...card.sections.map(section));
  if (answers) {
    const rows = answers.rows.map(({ label, value }) => ({ label, text: value, payload: undefined }));
    const told = section({ title: strings.company, items: rows, folded: false });
    told.className = "told";
    body.append(told);
  }
  const foot = made("footer");
  if (card.disclosure) foot.append(made("p", card.disclosure));
  if (card.source) foot.append(made("p", made("b", `${strings.source}: `), card.source));
  const paper = made("article", head, body, foot);
  paper.className = "memo";
  paper.ariaHidden = "true"; // it says once more what is on the screen
  return paper;
}

function section({ title, items }: Section): HTMLElement {
  const isLabeled = items.every(({ label }) => label);
  const list = made(isLabeled ? "dl" : "ul");
  for (const { label, text } of items) {
    if (isLabeled) list.append(made("div", made("dt", label ?? ""), made("dd", text)));
    else list.append(made("li", label ? `${label}: ${text}` : text));
  }
  return made("section", made("h2", title), list);
}

function made(tag: string, ...content: (string | Node)[]): HTMLElement {
  const element = document.createElement(tag);
  element.append(...content.map((one) => (typeof one === "string" ? plain(one) : one)));
  return element;
}

function sheet(text: string): CSSStyleSheet {
  const styles = new CSSStyleSheet();
  styles.replaceSync(text);
  return styles;
}
