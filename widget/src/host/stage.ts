// What the loader hands to the application, and what it gets back.

export interface Stage {
  script: HTMLScriptElement;
  host: HTMLElement;
  shadow: ShadowRoot;
  root: HTMLElement;
  launcher: HTMLButtonElement;
  /** Where app-….js and its companions come from. */
  assets: string;
  emit: Emit;
}

export interface Chat {
  open(): void;
  close(): void;
  toggle(): void;
  ask(text: string): void;
}

/** What a page may listen to. None of it carries what was said. */
export interface Events {
  open: Record<string, never>;
  close: Record<string, never>;
  message_sent: { kind: "text" | "button" };
  message_received: { type: string };
  verdict: { role: string; strength: string };
  link: { url: string };
  rated: { value: "up" | "down" | null };
  unread: { count: number };
  started_over: Record<string, never>;
  erased: Record<string, never>;
  error: { code: string };
}

export type Emit = <Name extends keyof Events>(name: Name, detail: Events[Name]) => void;
