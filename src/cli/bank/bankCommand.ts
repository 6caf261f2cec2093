import type { AddCommand } from "../defineCommand.js";
import { pointToHelp } from "../pointToHelp.js";
import { addCheckout } from "./checkoutCommand.js";
import { addCreate } from "./createCommand.js";
import { addExport } from "./exportCommand.js";
import { addGc } from "./gcCommand.js";
import { addInfo } from "./infoCommand.js";
import { addList } from "./listCommand.js";
import { addLocks } from "./locksCommand.js";
import { addName } from "./nameCommand.js";
import { addRelease } from "./releaseCommand.js";
import { addVerify } from "./verifyCommand.js";
import { addVersions } from "./versionsCommand.js";

/** In the order of the help. */
const commands: readonly AddCommand[] = [
  addCreate,
  addList,
  addInfo,
  addVersions,
  addName,
  addCheckout,
  addExport,
  addVerify,
  addGc,
  addLocks,
  addRelease,
];

/** `connector-runner bank`. */
export const addBank: AddCommand = (parser, line) =>
  parser.command("bank <command>", "Manage versioned iModels in a folder", (bank) =>
    commands
      .reduce((result, add) => add(result, line), pointToHelp(bank, "bank").version(false))
      .usage("$0 bank COMMAND\n\nManages versioned iModels in a folder, a bank.")
      .demandCommand(1, 1, "Name a command.")
      .epilogue("Exit codes: 0 done; 1 failed, or verify found a fault; 2 wrong usage."),
  );
