// Before the first answer: the site's own headline, and where to read about privacy. The greeting follows.

import { safeLink } from "../host/links";
import { Link } from "./Link";
import { useSetting } from "./setting";

export function Intro() {
  const { options, strings } = useSetting();
  const privacy = safeLink(options.privacy, location.href);
  return (
    <div class="intro column">
      {options.greeting && <h3 dir="auto">{options.greeting}</h3>}
      <p>
        {strings.stored} {privacy && <Link href={privacy}>{strings.privacy}</Link>}
      </p>
    </div>
  );
}
