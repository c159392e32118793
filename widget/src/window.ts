// Where the panel stands in the page: the focus, what is below a full screen, and the room that a keyboard leaves.

const LOW = 420; // pixels; below, the header is as small as it can be

export class Window {
  #covered = false;
  #wasInert = false;
  #overflow = "";

  #entry = false; // of ours in the browser's history

  readonly #host: HTMLElement;
  readonly #place: HTMLElement;
  readonly #launcher: HTMLElement;

  constructor(host: HTMLElement, place: HTMLElement, launcher: HTMLElement, close: () => void) {
    this.#host = host;
    this.#place = place;
    this.#launcher = launcher;
    const view = window.visualViewport;
    const fit = () => {
      place.style.setProperty("--room", `${view?.height ?? window.innerHeight}px`);
      place.style.setProperty("--above", `${view?.offsetTop ?? 0}px`);
      place.classList.toggle("low", (view?.height ?? window.innerHeight) < LOW);
    };
    fit();
    view?.addEventListener("resize", fit);
    view?.addEventListener("scroll", fit);
    addEventListener("popstate", () => {
      if (!this.#entry) return;
      this.#entry = false;
      close();
    });
  }

  /** To the field where there are keys; elsewhere it would bring up a keyboard over what there is to read. */
  enter(): void {
    const field = matchMedia("(hover: hover) and (pointer: fine)").matches ? "#words" : "#name";
    const find = (name: string) => this.#place.querySelector<HTMLElement>(name);
    (find(field) ?? find("#name"))?.focus({ preventScroll: true });
  }

  leave(): void {
    this.#launcher.focus({ preventScroll: true });
  }

  /** While the chat fills a phone, the page behind it cannot be reached. */
  cover(on: boolean): void {
    if (on === this.#covered) return;
    this.#covered = on;
    const { body, documentElement: page } = document;
    if (on) {
      this.#wasInert = body.inert;
      this.#overflow = page.style.overflow;
    }
    body.inert = on || this.#wasInert;
    page.style.overflow = on ? "hidden" : this.#overflow;
    this.#keepEntry(on);
    this.#host.toggleAttribute("data-covers", on);
    this.#launcher.hidden = on;
  }

  /** What fills a phone is left by its Back button, as anything else that does. */
  #keepEntry(on: boolean): void {
    if (on) history.pushState({ ...history.state, seatwise: true }, "");
    else if (this.#entry) history.back();
    this.#entry = on;
  }
}
