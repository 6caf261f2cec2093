import { randomUUID } from "node:crypto";
import type { TestService } from "./TestService.js";

/** An iModel with a file that a connection of it has. */
export interface Populated {
  iModelId: string;
  connectionId: string;
  storageFileId: string;
}

interface Upload {
  _links: { uploadUrl: { href: string }; completeUrl: { href: string } };
}

/** Creates an iModel, uploads a file, and connects the two, as a client does. */
export async function populate(
  test: TestService,
  connectorType: string,
  displayName: string,
  content: string,
): Promise<Populated> {
  const imodel = await test.request<{ iModel: { id: string } }>("POST", "/imodels", {
    iTwinId: test.iTwinId,
    name: `iModel ${randomUUID()}`,
  });
  const iModelId = imodel.body.iModel.id;
  const root = await test.request<{ _links: { folder: { href: string } } }>("GET", `/storage?iTwinId=${test.iTwinId}`);
  const upload = await test.request<Upload>("POST", `${root.body._links.folder.href}/files`, { displayName });
  await fetch(upload.body._links.uploadUrl.href, { method: "PUT", body: content });
  const file = await test.request<{ file: { id: string } }>("POST", upload.body._links.completeUrl.href);
  const storageFileId = file.body.file.id;
  const connection = await test.request<{ connection: { id: string } }>(
    "POST",
    "/synchronization/imodels/storageconnections",
    { iModelId, displayName: "Plant", sourceFiles: [{ storageFileId, connectorType }] },
  );
  return { iModelId, connectionId: connection.body.connection.id, storageFileId };
}
