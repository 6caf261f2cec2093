/** The format of a bank. One that is newer than what this version knows is refused. */
export const bankFormat = 1;

/**
 * What a bank knows. Ids of iModels and iTwins are GUIDs in lower case, times are ISO 8601, sizes are in bytes, and
 * checksums are SHA-256 in hexadecimal digits.
 */
export const bankTables = [
  `CREATE TABLE bank(
     format INTEGER NOT NULL,
     iTwinId TEXT NOT NULL)`,
  `CREATE TABLE iModels(
     id TEXT PRIMARY KEY,
     iTwinId TEXT NOT NULL,
     name TEXT NOT NULL,
     description TEXT,
     createdAt TEXT NOT NULL,
     createdBy TEXT NOT NULL,
     nextBriefcaseId INTEGER NOT NULL,
     UNIQUE(iTwinId, name))`,
  `CREATE TABLE changesets(
     iModelId TEXT NOT NULL,
     changesetIndex INTEGER NOT NULL,
     id TEXT NOT NULL,
     parentId TEXT NOT NULL,
     changesType INTEGER NOT NULL,
     description TEXT NOT NULL,
     briefcaseId INTEGER NOT NULL,
     pushDate TEXT NOT NULL,
     userCreated TEXT NOT NULL,
     size INTEGER NOT NULL,
     uncompressedSize INTEGER,
     checksum TEXT NOT NULL,
     PRIMARY KEY(iModelId, changesetIndex),
     UNIQUE(iModelId, id))`,
  `CREATE TABLE checkpoints(
     iModelId TEXT NOT NULL,
     changesetIndex INTEGER NOT NULL,
     size INTEGER NOT NULL,
     checksum TEXT NOT NULL,
     PRIMARY KEY(iModelId, changesetIndex))`,
  `CREATE TABLE namedVersions(
     iModelId TEXT NOT NULL,
     name TEXT NOT NULL,
     changesetIndex INTEGER NOT NULL,
     createdAt TEXT NOT NULL,
     PRIMARY KEY(iModelId, name))`,
  `CREATE TABLE briefcases(
     iModelId TEXT NOT NULL,
     id INTEGER NOT NULL,
     user TEXT NOT NULL,
     alias TEXT NOT NULL,
     device TEXT NOT NULL,
     acquiredAt TEXT NOT NULL,
     releasedAt TEXT,
     PRIMARY KEY(iModelId, id))`,
  `CREATE TABLE locks(
     iModelId TEXT NOT NULL,
     elementId TEXT NOT NULL,
     briefcaseId INTEGER NOT NULL,
     state INTEGER NOT NULL,
     acquiredAt TEXT NOT NULL,
     PRIMARY KEY(iModelId, elementId, briefcaseId))`,
  // Who takes a lock must have the changeset with which it was last held exclusively.
  `CREATE TABLE lockHistory(
     iModelId TEXT NOT NULL,
     elementId TEXT NOT NULL,
     changesetIndex INTEGER NOT NULL,
     PRIMARY KEY(iModelId, elementId))`,
] as const;
