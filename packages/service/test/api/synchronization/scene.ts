import { randomUUID } from "node:crypto";
import { toLongId } from "../../../src/platform/ids.js";
import type { TestService } from "../../TestService.js";

/** What a connection looks like to a client, as far as the tests look at it. */
export interface ShownConnection {
  id: string;
  displayName: string;
  iModelId: string;
  iTwinId: string;
  authenticationType: string;
  _links: { iModel: { href: string }; iTwin: { href: string }; project: { href: string }; lastRun?: { href: string } };
}

/** An iModel with files and connections, for tests that need their rows and not what is in them. */
export class Scene {
  private constructor(
    public readonly test: TestService,
    public readonly iModelId: string,
  ) {}

  /** A row of an iModel, without versions. */
  public static async make(test: TestService): Promise<Scene> {
    const id = randomUUID();
    await test.service.context.db
      .insertInto("imodels")
      .values({
        id,
        itwin_id: test.iTwinId,
        name: `iModel ${id}`,
        state: "initialized",
        created_at: new Date(),
        created_by: "tester",
      })
      .execute();
    return new Scene(test, id);
  }

  /** A row of a file in the root folder. @returns its id as clients know it */
  public async addFile(name: string, iTwinId = this.test.iTwinId): Promise<string> {
    const id = randomUUID();
    const by = { by: "tester", by_name: "tester", at: new Date() };
    await this.test.service.context.db
      .insertInto("storage_items")
      .values({
        id,
        itwin_id: iTwinId,
        kind: "file",
        parent_id: iTwinId,
        display_name: name,
        size: 1,
        is_complete: true,
        created_at: by.at,
        created_by: by.by,
        created_by_name: by.by_name,
        modified_at: by.at,
        modified_by: by.by,
        modified_by_name: by.by_name,
      })
      .execute();
    return toLongId(iTwinId, id);
  }

  public async connect(body: object = {}, kind: "storage" | "manifest" = "storage"): Promise<ShownConnection> {
    const answer = await this.test.request<{ connection: ShownConnection }>("POST", pathOf(kind), {
      iModelId: this.iModelId,
      sourceFiles: [],
      ...body,
    });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return answer.body.connection;
  }
}

/** The path of the connections of a kind. */
export function pathOf(kind: "storage" | "manifest"): string {
  return `/synchronization/imodels/${kind}connections`;
}
