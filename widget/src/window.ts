// Where the panel stands in the page: the focus, what is below a full screen, and the room that a keyboard leaves.

export class Window {
  #covered = false;
  #wasInert = false;
  #overflow = "";

  readonly #host: HTMLElement;
  readonly #place: HTMLElement;
  readonly #launcher: HTMLElement;

  constructor(host: HTMLElement, place: HTMLElement, launcher: HTMLElement) {
    this.#host = host;
    this.#place = place;
    this.#launcher = launcher;
    const view = window.visualViewport;
    const fit = () => {
      place.style.setProperty("--room", `${view?.height ?? window.innerHeight}px`);
      place.style.setProperty("--above", `${view?.offsetTop ?? 0}px`);
    };
    fit();
    view?.addEventListener("resize", fit);
    view?.addEventListener("scroll", fit);
  }

  /** To the field where there are keys; elsewhere it would bring up a keyboard over what there is to read. */
  enter(): void {
    const field = matchMedia("(hover: hover) and (pointer: fine)").matches ? "#words" : "#name";
    this.#place.querySelector<HTMLElement>(field)?.focus({ preventScroll: true });
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
    this.#host.toggleAttribute("data-covers", on);
    this.#launcher.hidden = on;
  }
}
