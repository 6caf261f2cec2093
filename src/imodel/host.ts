import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { IModelHost, SettingsPriority } from "@itwin/core-backend";
import { undoAtExit } from "../files/undoAtExit.js";
import { hubToStartWith } from "./native.js";

/**
 * How the backend is started for a run.
 * @public
 */
export interface HostOptions {
  /**
   * Whether geographic coordinate systems are looked up in the platform's public cloud workspaces. Default: false.
   * With it, and without a network, the first iModel that a process opens takes 15 s of CPU.
   */
  useGeographicCoordinateSystems?: boolean;
}

const profilePrefix = "itwin-connector-framework-";

/**
 * Starts `IModelHost`, unless the program that uses this library has already done so.
 * @returns what to call when it is no longer needed; it does nothing where the host was already running
 */
export async function startHost(options: HostOptions = {}): Promise<() => Promise<void>> {
  if (IModelHost.isValid) return async () => {};
  // A profile can be used by one process only: with the default one, two runs on one machine would exclude each other.
  await IModelHost.startup({ profileName: `${profilePrefix}${process.pid}`, ...hubToStartWith() });
  if (!options.useGeographicCoordinateSystems) disableCoordinateSystemLookup();
  const profileDir = IModelHost.profileDir;
  removeProfilesOfDeadProcesses(join(profileDir, ".."));
  const removeProfile = () => rmSync(profileDir, { recursive: true, force: true });
  const forget = undoAtExit(removeProfile);
  return async () => {
    await IModelHost.shutdown();
    removeProfile();
    forget();
  };
}

/** See the platform's setting `itwin/core/gcs/disableWorkspaces`. */
function disableCoordinateSystemLookup(): void {
  IModelHost.appWorkspace.settings.addDictionary(
    { name: "itwin-connector-framework", priority: SettingsPriority.application },
    { "itwin/core/gcs/disableWorkspaces": true },
  );
}

function removeProfilesOfDeadProcesses(profilesDir: string): void {
  for (const name of readdirSync(profilesDir)) {
    if (!name.startsWith(profilePrefix) || isAlive(Number(name.slice(profilePrefix.length)))) continue;
    rmSync(join(profilesDir, name), { recursive: true, force: true });
  }
}

/** Whether there is a process with this id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // it lives, but belongs to somebody else
  }
}
