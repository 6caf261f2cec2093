import { expect } from "chai";
import { compareIModels, type IModelComparison } from "itwin-connector-framework";
import { isLongTest } from "../../../test/support/long.js";
import { makeRandom } from "../../../test/support/random.js";
import { houseText, renumber } from "./house.js";
import { IfcTimeline } from "./support.js";

/** So many edits in all, some of them between two runs. */
const edits = isLongTest ? 100 : 6;

/** The seed of the edits, to repeat a test that failed. */
const seed = Number(process.env.EDITS_SEED ?? (isLongTest ? Date.now() % 1_000_000 : 7));

type Pick = <T>(items: readonly T[]) => T;
type Edit = (lines: readonly string[], pick: Pick) => string[];

/** Replaces one of the lines of a type. */
function change(type: string, replace: (line: string, pick: Pick) => string): Edit {
  return (lines, pick) => {
    // the point at zero is the origin of the whole file, which decides its place on the Earth: that of an iModel stays
    const candidates = lines.filter((line) => line.includes(`=${type}(`) && !line.includes("((0.,0.,0.))"));
    if (candidates.length === 0) return [...lines];
    const chosen = pick(candidates);
    return lines.map((line) => (line === chosen ? replace(line, pick) : line));
  };
}

/** Removes an instance, and takes its number out of lists; what has it as its only value goes too. */
function remove(lines: readonly string[], number: string): string[] {
  const isIn = new RegExp(`${number}(?=[,)])`);
  const left = lines.filter((line) => !line.startsWith(`${number}=`));
  const shortened = left.map((line) =>
    line.replace(/\(([^()]*)\)(?=[,)])/g, (list: string, items: string) => {
      const kept = items.split(",").filter((item) => item !== number);
      return isIn.test(list) ? `(${kept.join()})` : list;
    }),
  );
  const broken = shortened.filter((line) => isIn.test(line) || /=IFCREL\w+\(.*\(\)/.test(line));
  return broken.reduce((all, line) => remove(all, line.split("=")[0]!), shortened);
}

const names = ["alpha", "beta", "gamma", "delta"];
const everyEdit: Readonly<Record<string, Edit>> = {
  rename: change("IFCWALL", (line, pick) => line.replace(/(IFCWALL\('[^']*',\$,)'[^']*'/, `$1'${pick(names)}'`)),
  move: change("IFCCARTESIANPOINT", (line, pick) => line.replace(/\(\((-?[\d.]+)/, (_, x: string) => `((${Number(x) + pick([0.25, 0.5, 1])}`)), // prettier-ignore
  "change a property": change("IFCPROPERTYSINGLEVALUE", (line, pick) => line.replace(/IFCLABEL\('[^']*'\)/, `IFCLABEL('${pick(names)}')`)), // prettier-ignore
  "change a material": change("IFCMATERIALLAYER", (line, pick) => line.replace(/,0\.\d+,/, `,${pick([0.11, 0.22, 0.33])},`)), // prettier-ignore
  "rename a material": change("IFCMATERIAL", (line, pick) => line.replace(/IFCMATERIAL\('[^']*'/, `IFCMATERIAL('${pick(names)}'`)), // prettier-ignore
  "rename a type": change("IFCWALLTYPE", (line, pick) => line.replace(/(IFCWALLTYPE\('[^']*',\$,)'[^']*'/, `$1'${pick(names)}'`)), // prettier-ignore
  "take away a type": (lines, pick) => removeOne(lines, "IFCRELDEFINESBYTYPE", pick),
  "delete a wall": (lines, pick) => removeOne(lines, "IFCWALL", pick),
  "delete a window": (lines, pick) => removeOne(lines, "IFCWINDOW", pick),
  "delete a relationship": (lines, pick) => removeOne(lines, pick(["IFCRELFILLSELEMENT", "IFCRELVOIDSELEMENT", "IFCRELASSIGNSTOGROUP", "IFCRELASSOCIATESMATERIAL"]), pick), // prettier-ignore
  "move to another storey": change("IFCRELCONTAINEDINSPATIALSTRUCTURE", (line) => line.replace(/\(#\d+,(#\d+)/, "($1")),
  "turn the lines around": (lines) => lines.slice().reverse(),
};

function removeOne(lines: readonly string[], type: string, pick: Pick): string[] {
  const candidates = lines.filter((line) => line.includes(`=${type}(`));
  return candidates.length === 0 ? [...lines] : remove(lines, pick(candidates).split("=")[0]!);
}

describe("An IFC file after random edits", () => {
  it(`becomes the same as in a new iModel (EDITS_SEED=${seed})`, async function () {
    this.timeout(0);
    const random = makeRandom(seed);
    const pick: Pick = (items) => items[Math.floor(random() * items.length)]!;
    const timeline = new IfcTimeline();
    await timeline.sync(houseText);
    const [head, data, tail] = houseText.split(/(?<=\bDATA;\n)|(?=ENDSEC;\s*END-ISO)/) as [string, string, string];
    let lines = data.trim().split("\n");
    for (let done = 0; done < edits;) {
      const applied: string[] = [];
      for (const count = 1 + Math.floor(random() * 3); applied.length < count; done++) {
        const name = pick(Object.keys(everyEdit));
        lines = everyEdit[name]!(lines, pick);
        applied.push(name);
      }
      const text = `${head}${lines.join("\n")}\n${tail}`;
      await timeline.result(random() < 0.3 ? renumber(text) : text);
      const fresh = new IfcTimeline();
      await fresh.sync(text);
      const differences = describeDifferences(await compareIModels(timeline.iModel, fresh.iModel));
      expect(differences, `after ${applied.join(", ")}; edit ${done}`).to.deep.equal([]);
    }
  });
});

/**
 * Definitions that stay when nothing needs them any more, views, which someone may have changed, and what is recorded of the
 * file itself, whose lines have other numbers.
 */
const lasting =
  /:(RepositoryLink|ExternalSource|CategorySelectorRefersToCategories|SpatialCategory|SubCategory|CategorySelector|ModelSelector|SpatialViewDefinition|DisplayStyle3d)$/;

/** What differs of elements and their relationships, a line for each. */
function describeDifferences({ elements, relationships }: IModelComparison): string[] {
  const all = [elements, relationships].flatMap(({ onlyInA, onlyInB, changed }) => [
    ...onlyInA,
    ...onlyInB,
    ...changed,
  ]);
  return all.filter(({ className }) => !lasting.test(className)).map((difference) => JSON.stringify(difference));
}
