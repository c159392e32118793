// The server is away and there is nothing to show yet: say so, and what a visitor can do meanwhile.

import { useEffect, useState } from "preact/hooks";
import { safeLink } from "../host/links";
import { asText, fields, list } from "../talk/shapes";
import { Icon } from "./Icon";
import { Link } from "./Link";
import { Prose } from "./Prose";
import { useSetting } from "./setting";

interface Common {
  question: string;
  answer: string;
}

export function Away() {
  const { talk, options, strings, assets } = useSetting();
  const contact = safeLink(options.contact, location.href);
  const [common, show] = useState<Common[]>([]);
  useEffect(() => void questions(assets).then(show), [assets]);
  return (
    <div class="away column" role="status">
      <Icon name="away" />
      <h3>{strings.away}</h3>
      <p>{strings.awayKept}</p>
      <div class="pair">
        <button type="button" class="plain" onClick={() => talk.tryNow()}>
          {strings.retry}
        </button>
        {contact && (
          <Link href={contact} look="quiet">
            {strings.launcher.contact}
          </Link>
        )}
      </div>
      {common.length > 0 && (
        <div class="common">
          <p>{strings.awayMeanwhile}</p>
          {common.map(({ question, answer }) => (
            <details key={question}>
              <summary>{question}</summary>
              <Prose text={answer} />
            </details>
          ))}
        </div>
      )}
    </div>
  );
}

/** Questions with their answers. What is fetched while the assistant is there, the browser keeps for when it is away. */
export async function questions(assets: string): Promise<Common[]> {
  try {
    const response = await fetch(`${assets}questions.json`);
    return list(response.ok && (await response.json()), common) ?? [];
  } catch {
    return [];
  }
}

function common(value: unknown): Common | undefined {
  const { question, answer } = fields(value) ?? {};
  const [asked, told] = [asText(question), asText(answer)];
  return asked && told ? { question: asked, answer: told } : undefined;
}
