// The window of the chat: who speaks, how far we are, what was said, what may be said next.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Asking } from "./asking";
import { Banner } from "./Banner";
import { Composer } from "./Composer";
import { ConfirmDialog } from "./ConfirmDialog";
import { Header } from "./Header";
import { Log } from "./Log";
import { Progress } from "./Progress";
import { Spoken } from "./Spoken";
import { Surroundings, useSetting, useTalk } from "./setting";

export function Panel({ modal }: { modal: boolean }) {
  const setting = useSetting();
  const { options, close } = setting;
  const state = useTalk();
  const panel = useRef<HTMLElement>(null);
  const [asking, ask] = useState<Asking>(null);
  const isPage = options.mode === "page";

  useEffect(() => {
    if (!state.open) ask(null);
  }, [state.open]);

  const leave = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented || isPage) return;
    event.stopPropagation();
    if (asking) ask(null);
    else close();
  };
  const role = isPage
    ? ({ role: "main" } as const)
    : ({ role: "dialog", "aria-modal": modal ? "true" : undefined } as const);
  return (
    <section class="panel" ref={panel} hidden={!state.open} {...role} aria-labelledby="name" onKeyDown={leave}>
      <Surroundings.Provider value={{ ...setting, ask }}>
        <Header />
        <Progress />
        <Log />
        <Spoken />
        <Banner />
        {asking && <ConfirmDialog about={asking} onEnd={() => ask(null)} />}
        <Composer />
      </Surroundings.Provider>
    </section>
  );
}
