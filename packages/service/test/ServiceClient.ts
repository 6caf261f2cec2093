import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { OwnCredentials } from "../src/platform/auth/ownClient.js";
import type { RunJob } from "../src/platform/database/columns/RunState.js";
import { sendRequest, type Answer } from "./sendRequest.js";
import type { ServiceProcess } from "./ServiceProcess.js";
import { StorageClient, upload } from "./api/storage/StorageClient.js";

/** A run as clients see it, as far as the tests look at it. */
export interface ShownRun {
  id: string;
  state: string;
  result: string;
  jobs: RunJob[];
}

const connectionsPath = "/synchronization/imodels/storageconnections";

/** Uses a service as its owner: all that it knows are the URL and the credentials. */
export class ServiceClient {
  private readonly _storage = new StorageClient(this);

  private constructor(
    public readonly url: string,
    public readonly iTwinId: string,
    public readonly token: string,
  ) {}

  public static async signIn({ url, credentialsPath }: ServiceProcess): Promise<ServiceClient> {
    const { clientId, clientSecret, iTwinId } = JSON.parse(readFileSync(credentialsPath, "utf8")) as OwnCredentials;
    const response = await fetch(`${url}/oauth/token`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    const { access_token: token } = (await response.json()) as { access_token: string };
    return new ServiceClient(url, iTwinId, token);
  }

  public async request<T = Record<string, never>>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    return sendRequest(method, path.startsWith("http") ? path : this.url + path, this.token, body);
  }

  /** @returns its id */
  public async createIModel(name: string): Promise<string> {
    const { body } = await this._expect<{ iModel: { id: string } }>(201, "POST", "/imodels", {
      iTwinId: this.iTwinId,
      name,
    });
    return body.iModel.id;
  }

  /** Puts a file into the root folder. @returns its id */
  public async createFile(name: string, content: string): Promise<string> {
    return (await this._storage.createFile(await this._storage.rootId(), name, content)).id;
  }

  /** Gives a file another content. */
  public async replaceContent(fileId: string, content: string): Promise<void> {
    await upload((await this._storage.beginUpdate(fileId)).uploadUrl, content);
    await this._storage.complete(fileId);
  }

  /** @returns the id of the connection */
  public async connect(iModelId: string, storageFileId: string, connectorType: string): Promise<string> {
    const sourceFiles = [{ storageFileId, connectorType }];
    const { body } = await this._expect<{ connection: { id: string } }>(201, "POST", connectionsPath, {
      iModelId,
      sourceFiles,
    });
    return body.connection.id;
  }

  /** Asks for a run. The answer may be 202, 303 or 409. */
  public async askForRun(connectionId: string): Promise<Answer> {
    return this.request("POST", `${connectionsPath}/${connectionId}/run`);
  }

  /** Starts a run. @returns its URL */
  public async startRun(connectionId: string): Promise<string> {
    const { headers } = await this._expect(202, "POST", `${connectionsPath}/${connectionId}/run`);
    return headers.get("location")!;
  }

  /** All runs of a connection. */
  public async runsOf(connectionId: string): Promise<ShownRun[]> {
    const path = `${connectionsPath}/${connectionId}/runs`;
    return (await this._expect<{ runs: ShownRun[] }>(200, "GET", path)).body.runs;
  }

  /** Waits for the end of a run. */
  public async ended(runUrl: string, seconds: number): Promise<ShownRun> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const { run } = (await this._expect<{ run: ShownRun }>(200, "GET", runUrl)).body;
      if (run.state === "Completed") return run;
      if (Date.now() > end) throw new Error(`the run does not end: ${JSON.stringify(run)}`);
      await delay(200);
    }
  }

  private async _expect<T>(status: number, method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const answer = await this.request<T>(method, path, body);
    if (answer.status !== status)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}, not ${status}`);
    return answer;
  }
}
