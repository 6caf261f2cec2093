import { lookup, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import type { AddressRules } from "./addresses.js";

/** Finds the addresses of a host. */
export type ResolveHost = (host: string, done: (error: Error | null, addresses: LookupAddress[]) => void) => void;

/** As the system finds them. */
export const resolveHost: ResolveHost = (host, done) => lookup(host, { all: true }, done);

/**
 * Looks up hosts that strangers name, and gives no address that may not be reached. It is used as the connection is made, so
 * that no name can lead to one address when it is checked and to another when it is used.
 * @param notAllowed - makes the error for a host
 */
export function guardedLookup(
  rules: AddressRules,
  notAllowed: (host: string) => Error,
  resolve: ResolveHost = resolveHost,
): LookupFunction {
  return (host, options, done) => {
    resolve(host, (error, addresses) => {
      if (error !== null) {
        done(error, []);
        return;
      }
      const [first] = addresses;
      if (first === undefined) done(new Error(`${host} has no address`), []);
      else if (!addresses.every(({ address }) => rules.allows(host, address))) done(notAllowed(host), []);
      else if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}
