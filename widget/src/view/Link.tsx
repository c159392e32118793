import type { ComponentChildren } from "preact";
import { safeLink } from "../host/links";
import { useSetting } from "./setting";

/** A link that leaves the chat; plain words where the address is none to follow. */
export function Link({ href, look, children }: { href: string; look?: string; children: ComponentChildren }) {
  const { strings, emit } = useSetting();
  const address = safeLink(href);
  if (!address) return <>{children}</>;
  return (
    <a
      class={look}
      href={address}
      target="_blank"
      rel="noopener noreferrer"
      onClick={() => emit("link", { url: address })}
    >
      {children}
      <span class="unseen"> ({strings.opensNewTab})</span>
    </a>
  );
}
