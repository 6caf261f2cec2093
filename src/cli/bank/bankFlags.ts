/** The positional of a bank. */
export const bankPositional = {
  type: "string",
  demandOption: true,
  describe: "Folder of the bank: path or file: URL",
} as const;

/** The positional of an iModel. */
export const iModelPositional = { type: "string", demandOption: true, describe: "The iModel: name or id" } as const;

/** The option of a version. */
export const versionOption = {
  type: "string",
  requiresArg: true,
  describe: "Index, name or changeset id of the version (default: the latest)",
} as const;

/** The options of every command on a bank. */
export const outputOptions = {
  json: { type: "boolean", describe: "Print the result as JSON" },
  verbose: { type: "boolean", describe: "Print the stack of an error" },
} as const;

/** Flags of a command on a bank. */
export interface BankFlags {
  bank: string;
}

/** Flags of a command on an iModel of a bank. */
export interface BankedIModelFlags extends BankFlags {
  /** The name or the id. */
  imodel: string;
}
