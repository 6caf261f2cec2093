/**
 * For `connector-runner` only. This entry can change in any version.
 *
 * @packageDocumentation
 */
export { inStep } from "./explain.js";
export { collect } from "./http/api.js";
export { outcomesOf, tasksOf } from "./outcomes.js";
export { checkFiles } from "./populate/checkFiles.js";
export { parseRunUrl } from "./RunLink.js";
