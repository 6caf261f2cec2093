import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { collect } from "../src/http/api.js";
import { ServiceClient, type ServiceClientOptions } from "../src/ServiceClient.js";
import { clientCredentials } from "../src/tokens.js";
import { readCredentials, type Credentials } from "../../../src/cli/populate/credentials.js";
import { placeDatabase } from "../../../test/support/databases.js";
import { temporaryFolder } from "../../../test/support/temporary.js";
import { ServiceProcess } from "../../service/test/ServiceProcess.js";
import { repositoryFile } from "../../service/test/endToEnd/ServedIModel.js";

/** The connectors of the tests, as they are built: their processes start sooner than from source. */
const connectors = {
  SHELLEDWCSV: { module: repositoryFile("connectors/csv/lib/index.js") },
  PSEXCEL: { module: repositoryFile("connectors/xlsx/lib/index.js") },
  GEOSPATIAL: { module: repositoryFile("connectors/geospatial/lib/index.js") },
};

/** A service as it is used, and a client of it. */
export class ClientTest {
  private constructor(
    public readonly service: ServiceProcess,
    public readonly owner: Required<Credentials>,
    /** Where the files are that the tests upload. */
    public readonly folder: string,
  ) {}

  public static async start(options: object = {}): Promise<ClientTest> {
    const folder = temporaryFolder();
    const config = join(folder, "service.json");
    writeFileSync(config, JSON.stringify({ connectors, logLevel: "error", ...options }));
    const dataDirectory = join(folder, "service");
    await placeDatabase(dataDirectory);
    const service = await ServiceProcess.start("serve", { dataDirectory, config });
    const owner = (await readCredentials(service.credentialsPath)) as Required<Credentials>;
    return new ClientTest(service, owner, temporaryFolder());
  }

  public get iTwinId(): string {
    return this.owner.iTwinId;
  }

  /** A client of the service, or of what stands before it. */
  public client(options: Partial<ServiceClientOptions> = {}): ServiceClient {
    const { url } = this.service;
    const token = clientCredentials({ issuer: url, ...this.owner });
    return new ServiceClient({ url, token, retryDelay: 10, ...options });
  }

  /** The id of the root folder. */
  public async root(): Promise<string> {
    return this.client().storage.rootFolderId(this.iTwinId);
  }

  /** An access token of the owner. */
  public async token(): Promise<string> {
    return clientCredentials({ issuer: this.service.url, ...this.owner }).getToken();
  }

  public async createIModel(name: string): Promise<string> {
    return (await this.client().createIModel(this.iTwinId, name)).id;
  }

  /** Writes a file that can be uploaded. @returns its path */
  public write(name: string, content: string | Buffer): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** The names of the files in the root folder, and how large they are. */
  public async storedFiles(): Promise<Record<string, number>> {
    const { storage } = this.client();
    const files = await collect(storage.files(await storage.rootFolderId(this.iTwinId)));
    return Object.fromEntries(files.map(({ displayName, size }) => [displayName, size]));
  }

  /** The types of the files of each connection of an iModel, by the names of the files. */
  public async connections(iModelId: string): Promise<Record<string, string>[]> {
    const { storageConnections } = this.client();
    const all = await collect(storageConnections.list(iModelId));
    return Promise.all(
      all.map(async ({ id }) => {
        const files = await collect(storageConnections.sourceFiles(id));
        return Object.fromEntries(
          files.map(({ lastKnownFileName, connectorType }) => [lastKnownFileName!, connectorType!]),
        );
      }),
    );
  }

  public async close(): Promise<void> {
    await this.service.end();
  }
}
