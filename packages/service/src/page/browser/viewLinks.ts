import { h } from "./dom.js";

/** What the viewer shows: a version of an iModel, or what changed from another one. */
export interface Shown {
  /** The id of the iModel. */
  imodel: string;
  from?: number;
  to: number;
  /** The id of an element that is selected. */
  element?: string;
  /** Ids of elements that are drawn in a colour. */
  highlight?: string[];
}

/** A link to the viewer. Ids of elements are behind the #, since there can be more of them than an address may be long. */
export function linkToView({ imodel, from, to, element, highlight = [] }: Shown, text: string): HTMLElement {
  const query = new URLSearchParams({ imodel, to: String(to) });
  if (from !== undefined) query.set("from", String(from));
  const rest = new URLSearchParams(highlight.map((id) => ["highlight", id]));
  if (element !== undefined) rest.set("element", element);
  const hash = rest.size === 0 ? "" : `#${rest.toString()}`;
  return h("a", { href: `/view/?${query.toString()}${hash}` }, text);
}
