// What could not be deleted, why, and what the visitor can do about it.

import { safeLink } from "../host/links";
import type { NotErased as Why } from "../talk/erasure";
import { Link } from "./Link";
import { useSetting } from "./setting";

export function NotErased({ why, title }: { why: Why; title: string }) {
  const { options, words } = useSetting();
  const contact = safeLink(options.contact, location.href);
  const privacy = safeLink(options.privacy, location.href);
  return (
    <p class="problem">
      {title} {words.whyNotErased[why]}
      {why === "refused" && (
        <>
          {contact && (
            <>
              {" "}
              <Link href={contact}>{words.launcher.contact}</Link>
            </>
          )}
          {privacy && (
            <>
              {" "}
              <Link href={privacy}>{words.privacy}</Link>
            </>
          )}
        </>
      )}
    </p>
  );
}
