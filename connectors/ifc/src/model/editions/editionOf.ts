import type { ReportedIssue } from "../records.js";

/** The edition by whose tables a file is read, and what is to be said of it. */
export interface Edition {
  readonly name: "IFC2X3" | "IFC4" | "IFC4X3";
  readonly issues: readonly ReportedIssue[];
}

interface Spelling {
  readonly pattern: RegExp;
  readonly edition: Edition["name"];
  /** What the schema is, where it is not quite the edition. */
  readonly unlike?: string;
}

/** Corrections and addenda change no attributes. Drafts and earlier editions do, of some types. */
const spellings: readonly Spelling[] = [
  { pattern: /^IFC2X3(_(FINAL|TC\d*|ADD\d*))*$/, edition: "IFC2X3" },
  { pattern: /^IFC4(_(FINAL|TC\d*|ADD\d*))*$/, edition: "IFC4" },
  { pattern: /^IFC4X3(_(FINAL|TC\d*|ADD\d*))*$/, edition: "IFC4X3" },
  { pattern: /^IFC2X(2(_(FINAL|ADD\d*))*|_FINAL)$/, edition: "IFC2X3", unlike: "an edition before IFC2X3" },
  { pattern: /^IFC2X3_RC\d*$/, edition: "IFC2X3", unlike: "a draft of IFC2X3" },
  { pattern: /^(IFC2X4|IFC4)_(RC|ALPHA|BETA)\d*$/, edition: "IFC4", unlike: "a draft of IFC4" },
  { pattern: /^IFC4X3_(RC|ALPHA|BETA|DEV)\w*$/, edition: "IFC4X3", unlike: "a draft of IFC4X3" },
  { pattern: /^IFC4X[12](_\w+|SCGL)?$/, edition: "IFC4X3", unlike: "an edition before IFC4X3" },
];

/**
 * The edition of a file.
 * @param name - what FILE_SCHEMA says, in upper case; a version of the schema in braces is left out
 * @returns undefined for a schema that is not known
 */
export function editionOf(name: string): Edition | undefined {
  const plain = name.replace(/\{.*\}/, "").replace(/\s+/g, "");
  const found = spellings.find(({ pattern }) => pattern.test(plain));
  if (found === undefined) return undefined;
  const { edition, unlike } = found;
  if (unlike === undefined) return { name: edition, issues: [] };
  const message = `The schema of the file is ${plain}, ${unlike}; the file is read as ${edition}. Types whose attributes differ in number are reported. Export the file as ${edition} if you can.`;
  return { name: edition, issues: [{ code: "ifc/schema", message }] };
}
