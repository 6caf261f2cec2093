import { basename } from "node:path";
import { collect, inStep } from "itwin-connector-client/internal";
import { ConnectorError } from "../../ConnectorError.js";
import type { ServiceSession } from "./withService.js";

/** The flags that name an iModel. */
export interface IModelFlags {
  itwin?: string;
  /** The id or the name. */
  imodel?: string;
  files: readonly string[];
}

/** An iModel of a service. */
export interface IModelAddress {
  /** Undefined if it was not needed to find the iModel. */
  iTwinId?: string;
  iModelId: string;
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Finds the iModel that the flags name. A service that was started for the command has a first iTwin; there, a missing iModel
 * is created, and its default name is that of the first file.
 * @throws ConnectorError `usage/imodel`; `client/...`
 */
export async function findIModel(session: ServiceSession, flags: IModelFlags): Promise<IModelAddress> {
  const iTwinId = flags.itwin ?? session.local?.owner.iTwinId;
  const { imodel = session.local && nameOf(flags.files) } = flags;
  if (imodel === undefined)
    throw wrong("No iModel was given.", "Give --imodel with its id, or with its name and --itwin.");
  if (uuid.test(imodel)) return { iTwinId, iModelId: imodel };
  if (iTwinId === undefined)
    throw wrong(`${imodel} is not the id of an iModel.`, "Give its id, or --itwin in addition to its name.");
  const iModelId = await inStep(`looking for the iModel ${imodel}`, async () => byName(session, iTwinId, imodel));
  if (iModelId === undefined)
    throw wrong(`There is no iModel ${imodel} in the iTwin.`, "Check the name, or create the iModel first.");
  return { iTwinId, iModelId };
}

async function byName(session: ServiceSession, iTwinId: string, name: string): Promise<string | undefined> {
  const { client, local, signal } = session;
  const [found] = await collect(client.iModels(iTwinId, { name, signal }));
  if (found !== undefined || local === undefined) return found?.id;
  return (await client.createIModel(iTwinId, name, { signal })).id;
}

function nameOf([file = ""]: readonly string[]): string {
  return basename(file).replace(/\.[^.]*$/, "") || basename(file);
}

function wrong(message: string, advice: string): ConnectorError {
  return new ConnectorError("usage/imodel", message, { phase: "arguments", advice });
}
