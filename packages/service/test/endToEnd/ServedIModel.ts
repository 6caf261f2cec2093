import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Static } from "typebox";
import type { Changeset } from "../../src/api/imodels/changesetSchemas.js";
import type { Run } from "../../src/api/synchronization/runSchemas.js";
import { queryFile } from "../../../../test/support/iModels.js";
import { temporaryFolder } from "../../../../test/support/temporary.js";
import { StorageClient, upload } from "../api/storage/StorageClient.js";
import type { Answer } from "../sendRequest.js";
import type { TestService } from "../TestService.js";

/** A run as a client sees it. */
export type ShownRun = Required<Pick<Static<typeof Run>, "jobs" | "startDateTime" | "phase">> & Static<typeof Run>;

/** A task of such a run. */
export type ShownTask = ShownRun["jobs"][number]["tasks"][number];

/** Path of a file of the repository. */
export function repositoryFile(path: string): string {
  return fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
}

/** Real connectors by their types. That of buildings has workers of its own, which run built. */
export const connectors = {
  SHELLEDWCSV: { module: repositoryFile("connectors/csv/src/index.ts") },
  PSEXCEL: { module: repositoryFile("connectors/xlsx/src/index.ts"), argsJson: { idColumn: "Tag" } },
  IFC: { module: repositoryFile("connectors/ifc/lib/index.js") },
};

/** An iModel of a service, and what its users do with it over HTTP. */
export class ServedIModel {
  public readonly storage: StorageClient;

  private constructor(
    public readonly test: TestService,
    public readonly id: string,
  ) {
    this.storage = new StorageClient(test);
  }

  public static async create(test: TestService, name = "Plant"): Promise<ServedIModel> {
    const { iTwinId } = test;
    const answer = await test.request<{ iModel: { id: string } }>("POST", "/imodels", { iTwinId, name });
    ensure(answer, 201);
    return new ServedIModel(test, answer.body.iModel.id);
  }

  /** Uploads a new file to the root folder. @returns its id */
  public async addFile(name: string, content: string | Buffer): Promise<string> {
    return (await this.storage.createFile(await this.storage.rootId(), name, content)).id;
  }

  /** Gives a file another content, which is current without being completed. */
  public async replaceFile(fileId: string, content: string | Buffer): Promise<void> {
    await upload((await this.storage.beginUpdate(fileId)).uploadUrl, content);
  }

  /** Connects files of the storage. @returns the URL of the connection */
  public async connect(files: { storageFileId: string; connectorType: string }[]): Promise<string> {
    return this._connect("storageconnections", files);
  }

  /** Connects documents that manifests will name. @returns the URL of the connection */
  public async connectDocuments(ids: string[]): Promise<string> {
    return this._connect(
      "manifestconnections",
      ids.map((sourceFileId) => ({ sourceFileId })),
    );
  }

  /** Runs a storage connection, and waits for the end. */
  public async run(connectionUrl: string): Promise<ShownRun> {
    return this._runTo(`${connectionUrl}/run`);
  }

  /** Runs a manifest, and waits for the end. */
  public async runManifest(connectionUrl: string, manifest: object): Promise<ShownRun> {
    return this._runTo(`${connectionUrl}/runs`, manifest);
  }

  /** Waits for the end of a run. */
  public async ended(runUrl: string): Promise<ShownRun> {
    for (;;) {
      const answer = await this.test.request<{ run: ShownRun }>("GET", runUrl);
      ensure(answer, 200);
      if (answer.body.run.state === "Completed") return answer.body.run;
      await delay(100);
    }
  }

  /** The runs of which changesets were published, oldest first. */
  public async publishedBy(): Promise<(string | undefined)[]> {
    const path = `/imodels/${this.id}/changesets`;
    const prefer = { prefer: "return=representation" };
    const { body } = await this.test.request<{ changesets: Changeset[] }>("GET", path, undefined, prefer);
    return body.changesets.map(({ synchronizationInfo }) => synchronizationInfo?.taskId);
  }

  /** Downloads a version as a snapshot. @returns its path */
  public async download(version = "latest"): Promise<string> {
    const url = `${this.test.url}/imodels/${this.id}/versions/${version}/snapshot`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${await this.test.tokenOf("tester")}` } });
    if (response.status !== 200) throw new Error(await response.text());
    const path = join(temporaryFolder(), `${version}.bim`);
    await pipeline(Readable.fromWeb(response.body!), createWriteStream(path));
    return path;
  }

  /** All rows of an ECSQL query on the latest version, as objects by column. */
  public async query(ecsql: string): Promise<Record<string, unknown>[]> {
    return queryFile(await this.download(), ecsql);
  }

  private async _connect(segment: string, sourceFiles: object[]): Promise<string> {
    const url = `${this.test.url}/synchronization/imodels/${segment}`;
    const body = { iModelId: this.id, sourceFiles };
    const answer = await this.test.request<{ connection: { id: string } }>("POST", url, body);
    ensure(answer, 201);
    return `${url}/${answer.body.connection.id}`;
  }

  private async _runTo(url: string, body?: object): Promise<ShownRun> {
    const answer = await this.test.request("POST", url, body);
    ensure(answer, 202);
    return this.ended(answer.headers.get("location")!);
  }
}

/** The tasks of a run, in order. */
export function tasksOf(run: ShownRun): ShownTask[] {
  return run.jobs.flatMap(({ tasks }) => tasks);
}

function ensure({ status, body }: Answer<unknown>, expected: number): void {
  if (status !== expected) throw new Error(`${status} instead of ${expected}: ${JSON.stringify(body)}`);
}
