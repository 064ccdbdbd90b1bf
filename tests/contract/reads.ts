// What a front end does with the types that are made of the API's description: `make typescript` compiles it.
import type { components, operations, paths } from "./sayso";

type Quote = components["schemas"]["Quote"];
type Position = components["schemas"]["Stance"] | components["schemas"]["Office"];
type Filters = NonNullable<operations["listQuotes"]["parameters"]["query"]>;
type Listed = paths["/quotes"]["get"]["responses"][200]["content"]["application/json"];
type Refused = paths["/quotes"]["get"]["responses"][422]["content"]["application/problem+json"];

export const filters: Filters = { q: "bridge", type: "direct", offset_unit: "utf16", limit: 10 };

// @ts-expect-error a quote is direct, indirect or mixed
export const wrong: Filters = { type: "shouted" };

export function said(quote: Quote): string {
  const who = quote.speaker.name ?? quote.speaker.status;
  return `${who}: ${quote.contents.map((span) => span.exact).join(" ")}`;
}

export function stands(position: Position): string {
  return position.kind === "stance" ? position.issue.label : position.title;
}

export function next(page: Listed): string | null {
  return page.next;
}

export function faults(problem: Refused): string[] {
  return (problem.errors ?? []).map((fault) => `${fault.field}: ${fault.reason}`);
}
