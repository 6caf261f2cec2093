import { join, resolve } from "node:path";
import type { ServiceOptions } from "itwin-connector-service";
import { loadService } from "../optionalPackages.js";
import { readCredentials, type Credentials } from "./credentials.js";
import { defaultData, type ServiceFlags } from "./serviceFlags.js";

/** The connectors of this project, by connector type. */
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
  /** The owner's credentials and first iTwin. */
  owner: Required<Credentials>;
  close(): Promise<void>;
}

/**
 * Starts a private service on this machine: no other client, no other issuer.
 * @throws ConnectorError `service/...`; `usage/config`; `usage/missing-package`
 */
export async function startLocalService({ data = defaultData, config }: ServiceFlags): Promise<LocalService> {
  const { credentialsFile, readConfig, startService } = await loadService();
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
    workers: Math.max(1, configured.workers ?? 1), // no other process executes runs
    manifests: { ...configured.manifests, allowedPrivateHosts },
    logLevel: "silent", // the command prints the result
  });
  try {
    const owner = await readCredentials(join(resolve(data), credentialsFile));
    return { url: service.url, owner: owner as Required<Credentials>, close: async () => service.close() };
  } catch (error) {
    await service.close();
    throw error;
  }
}
