/** What a person has said on a request's card and not yet sent; pure. */
import type { OfferRequest, RequestLine } from "../../api";

export interface TypedLine {
  sku?: string;
  quantity?: string;
  left_out?: boolean;
}

export interface Typed {
  customer: string;
  lines: ReadonlyMap<number, TypedLine>;
}

export const NOTHING: Typed = { customer: "", lines: new Map() };

/** With `said` of the line `n`. */
export function withLine(typed: Typed, n: number, said: TypedLine): Typed {
  return { ...typed, lines: new Map([...typed.lines, [n, { ...typed.lines.get(n), ...said }]]) };
}

/** The product, the quantity and whether it is left out, as they stand on the card. */
export function standing(line: RequestLine, typed: Typed): Required<TypedLine> {
  const said = typed.lines.get(line.n) ?? {};
  return {
    sku: said.sku ?? line.sku ?? "",
    quantity: said.quantity ?? line.quantity ?? "",
    left_out: said.left_out ?? line.state === "left_out",
  };
}

/** Whether the line needs no more words: left out, or both a product and a quantity stand there. */
export function settled(line: RequestLine, typed: Typed): boolean {
  const { sku, quantity, left_out } = standing(line, typed);
  if (left_out) return true;
  const said = typed.lines.get(line.n);
  const known = line.state === "sure" || line.state === "settled";
  return sku.trim() !== "" && quantity.trim() !== "" && (known || said?.sku !== undefined || said?.quantity !== undefined);
}

/** How many things are still to be said. */
export function open(request: OfferRequest, typed: Typed): number {
  const customer = request.customer.code === null && typed.customer === "" ? 1 : 0;
  return customer + request.lines.filter((line) => !settled(line, typed)).length;
}

/** The body that says it to the server; `null` where nothing was said. */
export function body(request: OfferRequest, typed: Typed): object | null {
  const lines = [...typed.lines].map(([n, said]) => {
    const line = request.lines.find((one) => one.n === n);
    // A line that was unsure is said whole: the quantity that stood there was looked at too.
    const whole = line && !said.left_out ? standing(line, typed) : {};
    return { n, ...whole, ...said };
  });
  if (lines.length === 0 && typed.customer === "") return null;
  return { version: request.version, lines, ...(typed.customer === "" ? {} : { customer: typed.customer }) };
}
