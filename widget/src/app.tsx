// The application behind the button. It draws into the loader's shadow root and keeps the button up to date.

import { render } from "preact";
import { optionsOf } from "./host/options";
import { brandOf, paint, type Scheme } from "./host/palette";
import type { Chat, Stage } from "./host/stage";
import { stringsFor } from "./strings";
import cards from "./styles/cards.css";
import panel from "./styles/panel.css";
import { Talk } from "./talk/talk";
import { questions } from "./view/Away";
import { Panel } from "./view/Panel";
import { type Paper, type Setting, Surroundings } from "./view/setting";
import { Window } from "./window";

declare const PAPER: string;

const PHONE = "(max-width: 480px), (max-height: 480px)";

export function start(stage: Stage): Chat {
  const { shadow, root, launcher, assets, emit } = stage;
  const options = optionsOf(stage.script);
  const strings = stringsFor(options.lang);
  const talk = new Talk(options, emit, strings.noAnswer);
  const isPage = options.mode === "page";
  const phone = matchMedia(PHONE);
  const dark = matchMedia("(prefers-color-scheme: dark)");

  for (const text of [panel, cards]) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    shadow.adoptedStyleSheets.push(sheet);
  }
  const place = document.createElement("div");
  place.className = isPage ? "place page" : "place";
  root.append(place);
  const chatWindow = new Window(stage.host, place, launcher, () => close());

  const colour = () => {
    const scheme: Scheme = options.theme === "auto" ? (dark.matches ? "dark" : "light") : options.theme;
    paint(root, brandOf(options.color, place), scheme);
  };
  const isModal = () => !isPage && phone.matches;
  const enter = () => chatWindow.enter();
  const close = () => {
    talk.close();
    chatWindow.leave();
  };
  let paper: Promise<Paper> | undefined;
  const setting: Setting = {
    talk,
    options,
    strings,
    assets,
    emit,
    enter,
    close,
    ask: () => undefined, // by the panel
    root,
    visit(event, address) {
      if (!isModal()) return;
      event.preventDefault();
      close();
      setTimeout(() => location.assign(address), 100); // once the entry of the chat has left the browser's history
    },
    paper: () => {
      paper ??= import(`${assets}${PAPER}`) as Promise<Paper>;
      return paper;
    },
  };
  const draw = () => {
    place.classList.toggle("modal", isModal());
    render(
      <Surroundings.Provider value={setting}>
        <Panel modal={isModal()} />
      </Surroundings.Provider>,
      place,
    );
  };
  const announce = () => {
    const { open, unread } = talk.state;
    launcher.ariaExpanded = String(open);
    launcher.ariaLabel = [strings.launcher.chatWith(options.name), unread > 0 && strings.unread(unread)]
      .filter(Boolean)
      .join(", ");
    if (unread) launcher.dataset.unread = String(Math.min(unread, 99));
    else delete launcher.dataset.unread;
    chatWindow.cover(open && isModal());
  };

  const open = () => {
    const wasOpen = talk.state.open;
    talk.open();
    draw();
    if (!wasOpen && !isPage) enter();
  };

  colour();
  dark.addEventListener("change", colour);
  phone.addEventListener("change", () => {
    draw();
    announce();
  });
  // What a phone showed in full would hide the page that was asked for.
  if (talk.state.open && isModal()) talk.close();
  talk.listen(announce);
  draw();
  announce();
  void questions(assets); // before it is away
  if (talk.state.open) talk.open();
  else if (talk.begun) talk.connect();

  return {
    open,
    close,
    toggle: () => (talk.state.open ? close() : open()),
    ask(text) {
      open();
      talk.ask(text);
    },
  };
}
