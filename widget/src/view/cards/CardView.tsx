import type { Card } from "../../talk/cards";
import { BarsView } from "./BarsView";
import { HandoffView } from "./HandoffView";
import { PersonView } from "./PersonView";
import { SummaryView } from "./SummaryView";
import { TableView } from "./TableView";
import { VerdictView } from "./VerdictView";

/** @param offered whether its buttons still count. */
export function CardView({ card, offered }: { card: Card; offered: boolean }) {
  switch (card.type) {
    case "verdict":
      return <VerdictView card={card} offered={offered} />;
    case "bars":
      return <BarsView card={card} />;
    case "table":
      return <TableView card={card} />;
    case "summary":
      return <SummaryView card={card} offered={offered} />;
    case "handoff":
      return <HandoffView card={card} offered={offered} />;
    case "person":
      return <PersonView card={card} />;
    case "held":
    case "progress":
      return null;
  }
}
