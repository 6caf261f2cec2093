import { Type, type Static, type TProperties } from "typebox";

const paging = {
  $top: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  $skip: Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1, default: 0 }),
};

/**
 * The query of a list. It says all parameters that are known: a filter that is not among them is refused, since the answer
 * to a request with a filter that is ignored has what the client did not ask for.
 * @param filters - what can be said beside the paging
 */
export function listQuery<Filters extends TProperties>(filters: Filters) {
  return Type.Object({ ...paging, ...filters }, { additionalProperties: false });
}

/** How much of a list is asked for: `$skip` entries are left out, then at most `$top` are given. */
export const PagingQuery = listQuery({});

export type Paging = Static<typeof PagingQuery>;

export const Link = Type.Object({ href: Type.String() }, { title: "Link" });

export const PagingLinks = Type.Object(
  { self: Link, prev: Type.Optional(Link), next: Type.Optional(Link) },
  { title: "PagingLinks" },
);

/** The links of a page. */
export interface PageLinks {
  self: { href: string };
  prev?: { href: string };
  next?: { href: string };
}

/**
 * The links of a page of a list, `prev` and `next` always among them, as the Storage of the platform gives them.
 * @param base - the URL of the list without a query
 * @param query - what the query says beside the paging
 */
export function pageLinks(
  base: string,
  { $top, $skip }: Paging,
  query: Record<string, string | boolean | undefined> = {},
): Required<PageLinks> {
  const more = Object.entries(query)
    .map(([name, value]) => (value === undefined ? "" : `${name}=${encodeURIComponent(value)}&`))
    .join("");
  const link = (skip: number) => ({ href: `${base}?${more}$top=${$top}&$skip=${skip}` });
  return { self: link($skip), prev: link(Math.max(0, $skip - $top)), next: link($skip + $top) };
}

/** The links of a page, without those to pages that do not exist. One entry more than `$top` must have been looked for. */
export function pageLinksWithin(
  base: string,
  paging: Paging,
  found: number,
  query: Record<string, string | boolean | undefined> = {},
): PageLinks {
  const { self, prev, next } = pageLinks(base, paging, query);
  return { self, prev: paging.$skip > 0 ? prev : undefined, next: found > paging.$top ? next : undefined };
}
