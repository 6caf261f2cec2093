import { join, resolve } from "node:path";
import type { ServiceOptions } from "itwin-connector-service";
import { defaultData, readCredentials, type Credentials, type ServiceFlags } from "./serviceFlags.js";

/** The connectors of this project, by the types of the files that they bring in. */
const usualConnectors = {
  SHELLEDWCSV: { module: "itwin-connector-csv" },
  PSEXCEL: { module: "itwin-connector-xlsx" },
  INTELLIPID: { module: "itwin-connector-json" },
  GEOSPATIAL: { module: "itwin-connector-geospatial" },
  IFC: { module: "itwin-connector-ifc" },
};

/** A service that was started for one command. */
export interface LocalService {
  url: string;
  /** How its owner signs in, and an iTwin to begin with. */
  owner: Required<Credentials>;
  close(): Promise<void>;
}

/**
 * Starts a service on this machine that nobody else is told of: no other client, no other issuer.
 * @throws ConnectorError `service/...`; `usage/config`
 */
export async function startLocalService({ data = defaultData, config }: ServiceFlags): Promise<LocalService> {
  const { credentialsFile, readConfig, startService } = await import("itwin-connector-service");
  const configured: ServiceOptions = config === undefined ? { connectors: usualConnectors } : await readConfig(config);
  const allowedPrivateHosts = [...(configured.manifests?.allowedPrivateHosts ?? []), "127.0.0.1"];
  const service = await startService({
    ...configured,
    host: "127.0.0.1",
    port: 0,
    publicUrl: undefined,
    issuer: undefined,
    clients: [],
    dataDirectory: data,
    workers: Math.max(1, configured.workers ?? 1), // nobody else does the work
    manifests: { ...configured.manifests, allowedPrivateHosts },
    logLevel: "silent", // the command prints what there is to say
  });
  try {
    const owner = await readCredentials(join(resolve(data), credentialsFile));
    return { url: service.url, owner: owner as Required<Credentials>, close: async () => service.close() };
  } catch (error) {
    await service.close();
    throw error;
  }
}
