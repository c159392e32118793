// What could not be deleted, why, and what the visitor can do about it.

import { safeLink } from "../host/links";
import type { NotErased as Why } from "../talk/erasure";
import { Link } from "./Link";
import { useSetting } from "./setting";

export function NotErased({ why, title }: { why: Why; title: string }) {
  const { options, strings } = useSetting();
  const contact = safeLink(options.contact, location.href);
  const privacy = safeLink(options.privacy, location.href);
  return (
    <p class="problem">
      {title} {strings.whyNotErased[why]}
      {why === "refused" && (
        <>
          {contact && (
            <>
              {" "}
              <Link href={contact}>{strings.launcher.contact}</Link>
            </>
          )}
          {privacy && (
            <>
              {" "}
              <Link href={privacy}>{strings.privacy}</Link>
            </>
          )}
        </>
      )}
    </p>
  );
}
