/** What is not the grammar of ISO 10303-21, and where. */
export class StepSyntaxError extends Error {
  public constructor(
    message: string,
    /** In bytes. */
    public readonly offset: number,
    /** What sort of fault it is: another kind of file, one that ends too early, one that changes, or anything else. */
    public readonly key: "not-ifc" | "cut-off" | "changed" | "damaged" = "damaged",
  ) {
    super(message);
  }
}
