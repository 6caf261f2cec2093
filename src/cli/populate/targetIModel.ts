import { basename } from "node:path";
import { ConnectorError } from "../../ConnectorError.js";
import { collect } from "itwin-connector-client/internal";
import { inStep } from "itwin-connector-client/internal";
import type { ServiceSession } from "./withService.js";

/** Which iModel a command names. */
export interface IModelFlags {
  itwin?: string;
  /** The id or the name. */
  imodel?: string;
  files: string[];
}

/** An iModel of a service. */
export interface IModelAddress {
  /** Undefined where it has not been asked for yet: the iModel knows it. */
  iTwinId?: string;
  iModelId: string;
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Finds the iModel that the flags name. A service of one's own has an iTwin to begin with, and makes the iModel where it is
 * missing; without a name that of the first file is taken.
 * @throws ConnectorError `usage/imodel`; `client/...`
 */
export async function findIModel(session: ServiceSession, flags: IModelFlags): Promise<IModelAddress> {
  const iTwinId = flags.itwin ?? session.local?.owner.iTwinId;
  const { imodel = session.local && nameOf(flags.files[0]!) } = flags;
  if (imodel === undefined) throw wrong("Which iModel?", "Give --imodel with its id, or with its name and --itwin.");
  if (uuid.test(imodel)) return { iTwinId, iModelId: imodel };
  if (iTwinId === undefined)
    throw wrong(`${imodel} is not the id of an iModel.`, "Give its id, or --itwin in addition to its name.");
  const iModelId = await inStep(`looking for the iModel ${imodel}`, async () => byName(session, iTwinId, imodel));
  if (iModelId === undefined)
    throw wrong(`There is no iModel ${imodel} in the iTwin.`, "Check the name, or create it first.");
  return { iTwinId, iModelId };
}

async function byName(session: ServiceSession, iTwinId: string, name: string): Promise<string | undefined> {
  const { client, local, signal } = session;
  const [found] = await collect(client.iModels(iTwinId, { name, signal }));
  if (found !== undefined || local === undefined) return found?.id;
  return (await client.createIModel(iTwinId, name, { signal })).id;
}

function nameOf(file: string): string {
  return basename(file).replace(/\.[^.]*$/, "") || basename(file);
}

function wrong(message: string, advice: string): ConnectorError {
  return new ConnectorError("usage/imodel", message, { phase: "arguments", advice });
}
