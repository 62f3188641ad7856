/** One view for each kind of card; a kind without one does not compile. */
import type { TemplateResult } from "lit";
import type { Card, CardOf } from "./card";
import { citationsCard } from "./citations";
import type { CardHost } from "./host";
import { linksCard } from "./link";
import { offerCard } from "./offer";
import { proposalCard } from "./proposal";
import { askedCard, choicesCard, noticeCard, textCard, warningsCard } from "./simple";
import { troubleCard } from "./trouble";

type Registry = { [T in Card["type"]]: (card: CardOf<T>, host: CardHost, id: string) => TemplateResult };

const REGISTRY: Registry = {
  asked: askedCard,
  text: textCard,
  warnings: warningsCard,
  choices: choicesCard,
  offer: offerCard,
  proposal: proposalCard,
  request: ({ request, id }, host) => host.extra.card(request, id, host),
  links: linksCard,
  citations: citationsCard,
  notice: noticeCard,
  trouble: troubleCard,
};

/** A card's view. `id` is that of the message it belongs to. */
export function cardView(card: Card, host: CardHost, id: string): TemplateResult {
  const view = REGISTRY[card.type] as (card: Card, host: CardHost, id: string) => TemplateResult;
  return view(card, host, id);
}
