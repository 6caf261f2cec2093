import { userInfo } from "node:os";

/**
 * The name of the user who runs this process. In a container that is often a bare number, for which the operating system
 * has no name; then the environment may tell.
 */
export function thisUser(): string {
  try {
    return userInfo().username;
  } catch {
    const { USER, LOGNAME } = process.env;
    return USER || LOGNAME || `user ${process.getuid?.() ?? "unknown"}`;
  }
}
