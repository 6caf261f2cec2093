import { randomUUID } from "node:crypto";
import { openService, type OpenService } from "../src/startService.js";
import type { ServiceOptions } from "../src/platform/config/ServiceConfig.js";
import { readSigningKeys } from "../src/platform/auth/SigningKeys.js";
import { TokenIssuer } from "../src/platform/auth/TokenIssuer.js";
import { ownDatabase } from "../../../test/support/databases.js";
import { temporaryFolder } from "../../../test/support/temporary.js";
import { sendRequest, type Answer } from "./sendRequest.js";

/** A service on a data directory of its own, with an iTwin and a client that is a member of it. */
export class TestService {
  public readonly iTwinId: string = randomUUID();

  private constructor(
    public readonly service: OpenService,
    private readonly _token: string,
  ) {}

  public static async start(options: ServiceOptions = {}): Promise<TestService> {
    const dataDirectory = options.dataDirectory ?? temporaryFolder();
    const service = await openService({
      ...(await ownDatabase(dataDirectory)),
      dataDirectory,
      port: 0,
      logLevel: "silent",
      ...options,
    });
    const test = new TestService(service, await issueToken(service, "tester"));
    await test.addITwin(test.iTwinId);
    return test;
  }

  public get url(): string {
    return this.service.url;
  }

  /** A token for another client. */
  public async tokenOf(clientId: string, scopes?: string[]): Promise<string> {
    return issueToken(this.service, clientId, scopes);
  }

  /** Sends a request as the member of the iTwin, or with the headers that are given. */
  public async request<T = Record<string, never>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    return sendRequest(method, path.startsWith("http") ? path : this.url + path, this._token, body, headers);
  }

  public async close(): Promise<void> {
    await this.service.close();
  }

  /** Makes another iTwin, with the client as a member. */
  public async addITwin(id: string): Promise<void> {
    const { db, access } = this.service.context;
    const itwin = { id, display_name: "Test", class: "Endeavor", sub_class: "Project", status: "Active" };
    await db
      .insertInto("itwins")
      .values({ ...itwin, created_at: new Date(), created_by: "tester" })
      .execute();
    await access.add(db, "tester", id);
  }
}

async function issueToken(service: OpenService, clientId: string, scopes = ["itwin-platform"]): Promise<string> {
  const issuer = new TokenIssuer(await readSigningKeys(service.context.db));
  return issuer.issue(service.url, { clientId, scopes, iTwins: [] });
}
