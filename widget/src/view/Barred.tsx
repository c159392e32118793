import { safeLink } from "../host/links";
import { Link } from "./Link";
import { useSetting } from "./setting";

/** The assistant does not serve this site: a visitor can do nothing about it, and turns elsewhere. */
export function Barred() {
  const { options, strings } = useSetting();
  const contact = safeLink(options.contact, location.href);
  return (
    <div class="away column" role="status">
      <h3>{strings.notHere}</h3>
      {contact && (
        <div class="pair">
          <Link href={contact} look="plain">
            {strings.launcher.contact}
          </Link>
        </div>
      )}
    </div>
  );
}
