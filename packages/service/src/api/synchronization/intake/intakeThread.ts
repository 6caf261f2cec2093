/** The thread that takes in one large manifest: to parse, check and plan it takes seconds, in which others want answers. */
import { parentPort, workerData } from "node:worker_threads";
import { Ajv } from "ajv";
import { malformedBody } from "../../../platform/errors.js";
import { describeFindings, type Finding } from "../../../platform/http/findings.js";
import { parseJson } from "../../../platform/http/jsonBody.js";
import { validation } from "../../../platform/http/validation.js";
import { ManifestBody } from "../manifestSchemas.js";
import { ReadIntake, type IntakeFindings, type IntakeRules, type PlanRules } from "./readIntake.js";

/** What the thread is started with. */
export interface IntakeData {
  body: Uint8Array;
  rules: IntakeRules;
}

const { body, rules } = workerData as IntakeData;
const intake = read();
parentPort?.postMessage("details" in intake ? intake : intake.findings);
parentPort?.on("message", (planRules: PlanRules) => {
  if (intake instanceof ReadIntake) parentPort?.postMessage(intake.plan(planRules));
});

function read(): ReadIntake | Extract<IntakeFindings, { details: unknown }> {
  const validate = new Ajv(validation).compile<ManifestBody>(ManifestBody);
  const given = parse();
  if (given === undefined) return { details: [malformedBody] };
  if (validate(given)) return ReadIntake.of(given, rules);
  return { details: describeFindings((validate.errors ?? []) as Finding[], "body").slice(0, 1000) };
}

function parse(): unknown {
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}
