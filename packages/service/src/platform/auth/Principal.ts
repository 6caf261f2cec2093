/** Who sends a request, as the token tells. */
export interface Principal {
  /** The `sub` of the token: the same for all tokens of the client or user. */
  subject: string;
  /** What to show of it. */
  name: string;
  scopes: ReadonlySet<string>;
  /** iTwins that the token itself makes the bearer a member of; `*` for all. */
  iTwins: ReadonlySet<string>;
  /** When the token runs out, in milliseconds since 1970. */
  expiresAt: number;
}

/** The scope that suffices for everything. */
export const platformScope = "itwin-platform";

/** The claims of a token, as a principal. */
export function toPrincipal(claims: Record<string, unknown>, iTwinsClaim: string): Principal {
  const subject = firstText(claims.sub, claims.client_id);
  return {
    subject,
    name: firstText(claims.name, claims.email, subject),
    scopes: new Set(toList(claims.scope ?? claims.scp)),
    iTwins: new Set(toList(claims[iTwinsClaim]).map((id) => id.toLowerCase())),
    expiresAt: Number(claims.exp) * 1000,
  };
}

function firstText(...claims: unknown[]): string {
  return (claims.find((claim) => typeof claim === "string" && claim !== "") as string | undefined) ?? "";
}

/** Some issuers write lists as arrays, others as words in one text. */
function toList(claim: unknown): string[] {
  if (Array.isArray(claim)) return claim.map(String);
  return typeof claim === "string" ? claim.split(" ").filter((word) => word !== "") : [];
}
