import type { ServiceConfig } from "./ServiceConfig.js";

/** The environment of this process without the secrets of the service: they are no business of other programs. */
export function withoutSecrets({ clients, storage }: Pick<ServiceConfig, "clients" | "storage">): NodeJS.ProcessEnv {
  const secrets = ["DATABASE_URL", ...clients.map(({ secretVariable }) => secretVariable)];
  if (storage.kind === "azure") secrets.push(storage.connectionStringVariable);
  const isOpen = ([name]: [string, unknown]) => !secrets.includes(name) && !/^(PG|AWS_|AZURE_)/.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(isOpen));
}
