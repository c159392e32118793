import type { ComponentChildren } from "preact";
import { safeLink } from "../host/links";
import { useSetting } from "./setting";

/** A link that leaves the chat; plain words where the address is none to follow. */
export function Link({ href, look, children }: { href: string; look?: string; children: ComponentChildren }) {
  const { strings, emit, visit } = useSetting();
  const address = safeLink(href);
  if (!address) return <>{children}</>;
  const isHere = address.includes("#") && address.split("#")[0] === location.href.split("#")[0];
  const follow = (event: Event) => {
    emit("link", { url: address });
    if (isHere) visit(event, address);
  };
  const away = isHere ? {} : ({ target: "_blank", rel: "noopener noreferrer" } as const);
  return (
    <a class={look} href={address} {...away} onClick={follow}>
      {children}
      {!isHere && <span class="unseen"> ({strings.opensNewTab})</span>}
    </a>
  );
}
