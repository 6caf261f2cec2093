import { followRun, type Run, type ServiceClient } from "itwin-connector-client";
import { openFile } from "itwin-connector-client/node";

/** The eight steps of the workflow, one by one, for a new file. */
export async function synchronize(client: ServiceClient, iModelId: string, path: string): Promise<Run["result"]> {
  const { storage, storageConnections } = client;
  const { iTwinId } = await client.getIModel(iModelId);
  const root = await storage.rootFolderId(iTwinId); // 1
  const pending = await storage.createFile(root, "plant.csv"); // 2
  await storage.upload(pending, await openFile(path)); // 3
  const file = await storage.complete(pending.fileId); // 4
  const sourceFiles = [{ storageFileId: file.id, connectorType: "SHELLEDWCSV" }];
  const connection = await storageConnections.create({ iModelId, sourceFiles }); // 5
  const { url } = await storageConnections.run(connection.id); // 6
  const run = await followRun(client, url); // 7
  return run.result; // 8
}
