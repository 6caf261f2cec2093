import { Type, type Static } from "typebox";

/** How much of a list is asked for: `$skip` entries are left out, then at most `$top` are given. */
export const PagingQuery = Type.Object({
  $top: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  $skip: Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1, default: 0 }),
});

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
  query: Record<string, string | undefined> = {},
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
  query: Record<string, string | undefined> = {},
): PageLinks {
  const { self, prev, next } = pageLinks(base, paging, query);
  return { self, prev: paging.$skip > 0 ? prev : undefined, next: found > paging.$top ? next : undefined };
}
