// Strings with the little markup of docs/protocol.md: paragraphs, lines, items, bold; and addresses that can be followed.

import { Fragment } from "preact";
import { Link } from "./Link";

interface Block {
  items: boolean;
  lines: string[];
}

export function Prose({ text }: { text: string }) {
  return (
    <>
      {blocks(text).map((block, at) =>
        block.items ? (
          <ul key={at}>
            {block.lines.map((line, number) => (
              <li key={number}>
                <Line text={line} />
              </li>
            ))}
          </ul>
        ) : (
          <p key={at}>
            {block.lines.map((line, number) => (
              <Fragment key={number}>
                {number > 0 && <br />}
                <Line text={line} />
              </Fragment>
            ))}
          </p>
        ),
      )}
    </>
  );
}

export function Line({ text }: { text: string }) {
  return (
    <>
      {text.split(/(\*\*[^*]+\*\*)/).map((part, at) =>
        at % 2 ? (
          <strong key={at}>
            <Addresses text={part.slice(2, -2)} />
          </strong>
        ) : (
          <Addresses key={at} text={part} />
        ),
      )}
    </>
  );
}

function Addresses({ text }: { text: string }) {
  return (
    <>
      {text.split(/(https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]])/i).map((part, at) =>
        at % 2 ? (
          <Link key={at} href={part}>
            {part}
          </Link>
        ) : (
          part
        ),
      )}
    </>
  );
}

export function blocks(text: string): Block[] {
  const found: Block[] = [];
  let open: Block | undefined;
  for (const line of text.split("\n")) {
    const item = /^\s*- (.*)$/.exec(line)?.[1];
    if (!line.trim()) {
      open = undefined;
      continue;
    }
    const items = item !== undefined;
    if (!open || open.items !== items) {
      open = { items, lines: [] };
      found.push(open);
    }
    open.lines.push(item ?? line);
  }
  return found;
}
