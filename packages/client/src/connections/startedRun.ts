import { ApiError } from "../http/errors.js";
import { parseRunUrl, type RunLink } from "../RunLink.js";

/** A run that was requested. */
export interface StartedRun extends RunLink {
  /** False if the iModel already had an active run, perhaps of another connection. The other members then name that run. */
  isNew: boolean;
}

/**
 * The run that an answer names. 202 names a new run in its header; 303 leads to the active run, which `fetch` has followed:
 * a browser does not show the 303 itself.
 * @throws ApiError `NoLocation`
 */
export function startedRun({ status, headers, url }: Response): StartedRun {
  const location = headers.get("location");
  if (location === null)
    throw new ApiError({ request: `POST ${url}`, status, code: "NoLocation", message: "The answer names no run." });
  return { ...parseRunUrl(location), isNew: status === 202 };
}
