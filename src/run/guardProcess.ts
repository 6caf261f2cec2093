/**
 * Carries out what may run foreign code, such as a connector.
 * @param onStray - called with what would otherwise end the process: an error that nobody catches, a rejection that
 * nobody awaits, and that nothing is left to wait for while the work is still waiting
 */
export async function guardProcess<T>(work: () => Promise<T>, onStray: (error: unknown) => void): Promise<T> {
  const onEmpty = () => {
    setImmediate(() => {}); // else Node ends here, although the work may go on, and come to another such wait
    onStray(new Error("it can never go on, because nothing is left to wait for"));
  };
  process.on("uncaughtException", onStray); // of rejections too
  process.prependListener("beforeExit", onEmpty);
  try {
    return await work();
  } finally {
    process.off("uncaughtException", onStray);
    process.off("beforeExit", onEmpty);
  }
}
