/** The API's own types under short names; they are generated from its schema at build time. */
import type { components, paths } from "./generated/api";

type Schemas = components["schemas"];

export type Reply = Schemas["Reply"];
export type Citation = Schemas["Citation"];
export type Clarification = Schemas["ClarificationView"];
export type Choice = Schemas["ChoiceView"];
export type Offer = Schemas["OfferView"];
export type Issuing = Schemas["Issuing"];
export type OfferLine = Schemas["LineView"];
export type DocumentKind = Schemas["DocumentView"]["kind"];
export type Message = Schemas["MessageView"];
export type Conversation = Schemas["ConversationView"];
export type Feedback = Schemas["Feedback"];
export type Rating = Feedback["rating"];
export type Language = Reply["language"];
export type ScreenContext = Schemas["ScreenContext"];
export type Link = Schemas["LinkView"];
export type Proposal = Schemas["ProposalView"];
export type ProposalItem = Schemas["ProposalItemView"];
export type OfferRequest = Schemas["RequestView"];
export type RequestLine = Schemas["RequestLineView"];
export type ProposalInput = Schemas["InputView"];
export type Contact = paths["/api/v1/handover-contacts"]["get"]["responses"][200]["content"]["application/json"][number];
export type Handover = Schemas["HandoverView"];
export type ReasonChoice = NonNullable<Feedback["choice"]>;
