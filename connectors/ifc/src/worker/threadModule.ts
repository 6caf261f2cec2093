/** The stack of threads, in MB: web-ifc and the reader follow references in recursions. */
export const stackSizeMb = 16;

/** The module of a thread, compiled: a thread has no loader for TypeScript, from which tests run everything else. */
export function threadModule(name: "ifcWorker" | "mesherWorker"): URL {
  return new URL(`../../lib/worker/${name}.js`, import.meta.url);
}

/** The flags of threads: none, since the modules that those of the process load would slow each thread down. */
export const execArgv: string[] = [];
