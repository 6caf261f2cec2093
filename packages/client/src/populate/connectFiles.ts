import { ClientError } from "../ClientError.js";
import type { Connection, SourceFile, StorageFile } from "../types.js";
import { findOrMake, type PatientOptions } from "../findOrMake.js";
import { collect } from "../http/api.js";
import type { ConnectionOptions } from "../connections/ConnectionsClient.js";
import type { StorageConnectionsClient } from "../connections/StorageConnectionsClient.js";
import type { CheckedFile } from "./checkFiles.js";
import type { RunFile } from "../outcomes.js";

/** A file that is in the Storage. */
export interface UploadedFile extends CheckedFile {
  stored: StorageFile;
}

/** What a connection is to have. */
export interface ConnectionRequest {
  iModelId: string;
  files: readonly UploadedFile[];
  /** Options of its runs. Those that are not named stay as they are. */
  runOptions?: ConnectionOptions;
}

/** Files of a connection, each with the connector type that it has there. */
export interface ConnectedFiles {
  connectionId: string;
  /** The options of its runs. */
  runOptions: ConnectionOptions;
  files: UploadedFile[];
  /** The other files of the connection, which its runs process too. */
  others: RunFile[];
}

/** A connection and its files. */
interface Holder {
  connection: Connection;
  sourceFiles: SourceFile[];
}

/**
 * Makes sure that one connection of an iModel has all of the files. A file can be connected with an iModel only once, so the
 * connection that has some of them gets the others too. Creates a connection if none has any of them.
 * @throws ClientError `client/several-connections`, `client/unknown-run-options`; ApiError; NoAnswerError
 */
export async function connectFiles(
  connections: StorageConnectionsClient,
  request: ConnectionRequest,
  options: PatientOptions,
): Promise<ConnectedFiles> {
  const { iModelId, files, runOptions } = request;
  const find = async () => findHolder(connections, iModelId, files, options);
  const make = async (): Promise<Holder> => {
    const sourceFiles = files.map(toSourceFile);
    const displayName = files
      .map(({ source }) => source.name)
      .join(", ")
      .slice(0, 255);
    const body = { iModelId, displayName, authenticationType: "Service" as const, sourceFiles, runOptions };
    return { connection: await connections.create(body, options), sourceFiles: [] };
  };
  const holder = await findOrMake(find, make, options);
  const isNew = holder.sourceFiles.length === 0;
  const connected = isNew ? files : await adapt(connections, holder, files, options);
  const known = await setRunOptions(connections, holder.connection, runOptions, options);
  return {
    connectionId: holder.connection.id,
    runOptions: known,
    files: [...connected],
    others: othersOf(holder, files),
  };
}

/** @returns all options that the runs of the connection have from now on */
async function setRunOptions(
  connections: StorageConnectionsClient,
  { id, runOptions: known = {} }: Connection,
  wanted: ConnectionOptions = {},
  options: PatientOptions,
): Promise<ConnectionOptions> {
  const all: ConnectionOptions = { ...known, ...wanted };
  if (isSame(known, all)) return known;
  const { runOptions: kept = {} } = await connections.update(id, { runOptions: all }, options);
  if (isSame(kept, all)) return kept;
  throw new ClientError("client/unknown-run-options", "The service does not know the options of a run.", {
    advice: `Leave out ${Object.keys(wanted).join(", ")}: only services of this framework have such options.`,
  });
}

function isSame(left: ConnectionOptions, right: ConnectionOptions): boolean {
  const names = Object.keys({ ...left, ...right }) as (keyof ConnectionOptions)[];
  return names.every((name) => left[name] === right[name]);
}

function othersOf({ sourceFiles }: Holder, files: readonly UploadedFile[]): RunFile[] {
  const given = new Set(files.map(({ stored }) => stored.id));
  return sourceFiles
    .map(({ storageFileId: id = "", lastKnownFileName: name = id, connectorType = "" }) => ({
      id,
      name,
      connectorType,
    }))
    .filter(({ id }) => !given.has(id));
}

async function findHolder(
  connections: StorageConnectionsClient,
  iModelId: string,
  files: readonly UploadedFile[],
  options: PatientOptions,
): Promise<Holder | undefined> {
  const wanted = new Set<string | undefined>(files.map(({ stored }) => stored.id));
  const holders: Holder[] = [];
  for await (const connection of connections.list(iModelId, options)) {
    const sourceFiles = await collect(connections.sourceFiles(connection.id, options));
    if (sourceFiles.some(({ storageFileId }) => wanted.has(storageFileId))) holders.push({ connection, sourceFiles });
  }
  if (holders.length > 1) throw severalConnections(holders, files);
  return holders[0];
}

/** Adds the missing files, and sets the types that the user chose for the others. */
async function adapt(
  connections: StorageConnectionsClient,
  { connection: { id }, sourceFiles }: Holder,
  files: readonly UploadedFile[],
  options: PatientOptions,
): Promise<UploadedFile[]> {
  const adapted: UploadedFile[] = [];
  for (const file of files) {
    const known = sourceFiles.find(({ storageFileId }) => storageFileId === file.stored.id);
    const { connectorType = file.connectorType } = file.isTypeGiven ? file : (known ?? file);
    adapted.push({ ...file, connectorType });
    if (known === undefined) await add(connections, id, file, options);
    else if (file.isTypeGiven && known.connectorType !== file.connectorType)
      await connections.updateSourceFile(id, known.id, toSourceFile(file), options);
  }
  return adapted;
}

async function add(
  connections: StorageConnectionsClient,
  connectionId: string,
  file: UploadedFile,
  options: PatientOptions,
): Promise<void> {
  const find = async () => {
    const all = await collect(connections.sourceFiles(connectionId, options));
    return all.find(({ storageFileId }) => storageFileId === file.stored.id);
  };
  await findOrMake(find, async () => connections.addSourceFile(connectionId, toSourceFile(file), options), options);
}

function toSourceFile({ stored, connectorType }: UploadedFile) {
  return { storageFileId: stored.id, connectorType };
}

function severalConnections(holders: readonly Holder[], files: readonly UploadedFile[]): ClientError {
  const parts = holders.map(({ connection, sourceFiles }) => {
    const held = files.filter(({ stored }) => sourceFiles.some(({ storageFileId }) => storageFileId === stored.id));
    return `${connection.displayName} (${connection.id}) has ${held.map(({ source }) => source.name).join(", ")}`;
  });
  return new ClientError(
    "client/several-connections",
    `The files belong to ${holders.length} connections of the iModel: ${parts.join("; ")}.`,
    { advice: "Bring in the files of each connection by themselves." },
  );
}
