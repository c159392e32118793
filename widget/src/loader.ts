// The script that a site embeds: a button, and nothing else until somebody wants to talk.

import { inkOn, written } from "./host/colours";
import { brandOf } from "./host/palette";
import { PLACE } from "./host/places";
import type { Chat, Emit, Events, Stage } from "./host/stage";
import { launcherStringsFor } from "./strings";
import styles from "./styles/launcher.css";

declare const APP: string;

// A tag manager may run the script where it cannot see itself.
const script = document.currentScript ?? document.querySelector("script[src*='/w.js']");
if (script && !("Seatwise" in window)) begin(script as HTMLScriptElement);

function begin(script: HTMLScriptElement): void {
  const data = script.dataset;
  const isPage = data.mode === "page";
  const strings = launcherStringsFor(data.lang ?? document.documentElement.lang);
  const name = data.name ?? "Seatwise";
  const host = document.createElement("seatwise-chat");
  const shadow = host.attachShadow({ mode: "open" });
  // Whatever the page's rules say about unknown elements, this one stays as it is.
  host.style.cssText = "all:initial!important;display:block!important";
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  shadow.adoptedStyleSheets = [sheet];

  const root = made("div", "", "root");
  root.lang = strings.lang;
  root.dir = data.dir ?? strings.dir;
  root.dataset.position = data.position;
  const launcher = made("button", "", "launcher");
  launcher.ariaLabel = strings.chatWith(name);
  launcher.ariaHasPopup = "dialog";
  launcher.ariaExpanded = "false";
  launcher.append(made("span", strings.chat));
  const trouble = made("div", "", "trouble");
  trouble.role = "alert";
  root.append(launcher, trouble);
  launcher.hidden = isPage;
  shadow.append(root);

  const emit: Emit = (event, detail) => {
    document.dispatchEvent(new CustomEvent(`seatwise:${event}`, { detail }));
  };
  const assets = new URL(".", script.src).href;
  const stage: Stage = { script, host, shadow, root, launcher, assets, emit };
  let loading: Promise<Chat | undefined> | undefined;
  let failures = 0;

  const load = () => {
    // A browser remembers that a module failed, so each new try has an address of its own.
    loading ??= import(`${assets}${APP}?${failures}`)
      .then((app: { start(stage: Stage): Chat }) => app.start(stage))
      .catch(() => {
        failures += 1;
        loading = undefined;
      }) as Promise<Chat | undefined>;
    return loading;
  };
  const use = (act: (chat: Chat) => void) => {
    trouble.replaceChildren();
    launcher.ariaBusy = "true";
    load().then((chat) => {
      launcher.ariaBusy = null;
      chat ? act(chat) : complain();
    });
  };
  const complain = () => {
    trouble.append(strings.notLoaded);
    if (data.contact) {
      const link = made("a", strings.contact);
      link.href = data.contact;
      trouble.append(" ", link);
    }
    emit("error", { code: "not_loaded" });
  };

  launcher.onclick = () => use((chat) => chat.toggle());
  launcher.onpointerenter = launcher.onfocus = load;
  Object.assign(window, {
    Seatwise: {
      open: () => use((chat) => chat.open()),
      close: () => loading?.then((chat) => chat?.close()),
      ask: (text: string) => use((chat) => chat.ask(text)),
      on: (event: keyof Events, listener: (detail: unknown) => void) =>
        document.addEventListener(`seatwise:${event}`, (heard) => listener((heard as CustomEvent).detail)),
    },
  });

  const show = () => {
    // Beside the body: what a page does to its body or replaces in it leaves the chat alone.
    document.documentElement.append(host);
    const brand = brandOf(data.color, launcher);
    launcher.style.background = written(brand);
    launcher.style.color = written(inkOn(brand));
    if (isPage) use((chat) => chat.open());
    else if (hasTalked()) setTimeout(load);
  };
  if (document.body) show();
  else document.addEventListener("DOMContentLoaded", show);
}

/** Whether this visitor may have an answer to look at. */
function hasTalked(): boolean {
  try {
    return Object.keys({ ...sessionStorage, ...localStorage })
      .join()
      .includes(PLACE);
  } catch {
    return false;
  }
}

function made<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, text = "", name = ""): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
}
