// One line about the connection, where it keeps the visitor from something.

import { isUnmet } from "./Log";
import { useSetting, useTalk } from "./setting";

export function Banner() {
  const { talk, options, strings } = useSetting();
  const { barred, connection, trouble, entries } = useTalk();
  const isAway = isUnmet(entries, connection); // told in full where the conversation would be
  if (barred) return null;
  const offline = !navigator.onLine
    ? strings.offline
    : connection === "lost" && !isAway
      ? strings.reconnecting(options.name)
      : "";
  return (
    <>
      <div class="banner" role="status" data-empty={!offline}>
        {offline && (
          <div class="column">
            <p>{offline}</p>
            {navigator.onLine && (
              <button type="button" class="quiet" onClick={() => talk.tryNow()}>
                {strings.retry}
              </button>
            )}
          </div>
        )}
      </div>
      <div class="banner alert" role="alert" data-empty={!trouble}>
        {trouble && (
          <div class="column">
            <p>{trouble}</p>
          </div>
        )}
      </div>
    </>
  );
}
