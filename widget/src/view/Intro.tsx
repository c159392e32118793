// Before the first answer: what this is, how long it takes, where to read about privacy.

import { safeLink } from "../host/links";
import { Link } from "./Link";
import { useSetting } from "./setting";

export function Intro() {
  const { options, strings } = useSetting();
  const privacy = safeLink(options.privacy, location.href);
  return (
    <div class="intro column">
      {options.greeting && <h3 dir="auto">{options.greeting}</h3>}
      <p>{strings.intro}</p>
      <p>
        {strings.stored} {privacy && <Link href={privacy}>{strings.privacy}</Link>}
      </p>
    </div>
  );
}
