import { messageOf } from "itwin-connector-framework/internal";

/** The database does not answer: its server is restarting, or the connection was lost. It may answer in a moment. */
export class DatabaseUnavailable extends Error {
  public constructor(cause: unknown) {
    super(`the database does not answer: ${messageOf(cause)}`, { cause });
    this.name = "DatabaseUnavailable";
  }
}
