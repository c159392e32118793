// One line about the connection, where it keeps the visitor from something.

import { useSetting, useTalk } from "./setting";

export function Banner() {
  const { talk, options, strings } = useSetting();
  const { connection, trouble, entries } = useTalk();
  const isAway = connection === "lost" && !entries.length; // told in full where the conversation would be
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
