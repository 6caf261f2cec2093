import { clientCredentials, fixedToken, type TokenSource } from "itwin-connector-client";
import { ConnectorError } from "../../ConnectorError.js";
import { readCredentials, type Credentials } from "./credentials.js";
import type { ServiceFlags } from "./serviceFlags.js";

/**
 * The source of a client's tokens: the flags, then the environment.
 * @throws ConnectorError `usage/token`
 */
export async function tokensFor(url: string, flags: ServiceFlags): Promise<TokenSource> {
  const { ITWIN_TOKEN, ITWIN_ISSUER } = process.env;
  const isClientGiven = flags.credentials !== undefined || flags.clientId !== undefined;
  const token = flags.token ?? (isClientGiven ? undefined : ITWIN_TOKEN);
  if (token) return fixedToken(token);
  return clientCredentials({ issuer: flags.issuer ?? ITWIN_ISSUER ?? url, ...(await clientOf(flags)) });
}

async function clientOf({ credentials, ...flags }: ServiceFlags): Promise<Credentials> {
  if (credentials !== undefined) return readCredentials(credentials);
  const { ITWIN_CLIENT_ID, ITWIN_CLIENT_SECRET } = process.env;
  const { clientId = ITWIN_CLIENT_ID, clientSecret = ITWIN_CLIENT_SECRET } = flags;
  if (clientId && clientSecret) return { clientId, clientSecret };
  throw new ConnectorError("usage/token", "No credentials were given.", {
    phase: "arguments",
    advice: "Give --token, --credentials FILE, or --client-id with ITWIN_CLIENT_SECRET; or use --local.",
  });
}
