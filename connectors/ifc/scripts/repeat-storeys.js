/**
 * Makes a large IFC file of a small one by repeating its storeys on top of each other, with all that is in them:
 * `node connectors/ifc/scripts/repeat-storeys.js house.ifc tower.ifc 200` for 200 MB.
 */
import { createWriteStream, readFileSync, realpathSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { globalId } from "../sample/IfcText.js";

/** What the storeys share, with all that it refers to. */
const sharedTypes = new Set(["IFCPROJECT", "IFCSITE", "IFCBUILDING", "IFCOWNERHISTORY"]);

/** In the unit of the file's lengths, so that storeys lie above each other whatever that is. */
const storeyHeight = 5000;

/** Writes so many bytes, or a few more. */
export async function repeatStoreys(source, target, bytes) {
  const text = readFileSync(source, "latin1");
  const [head, data, tail] = text.split(/(?<=\bDATA;)|(?=ENDSEC;\s*END-ISO)/);
  const instances = parse(data);
  const shared = reach(instances, (type) => sharedTypes.has(type));
  const copied = [...instances].filter(([id]) => !shared.has(id));
  const offset = Math.max(...instances.keys()) + 1;
  const lifted = pointsOfStoreys(instances);
  const sizeOfCopy = copied.reduce((sum, [, { line }]) => sum + line.length + 8, 0);
  const copies = Math.max(1, Math.ceil((bytes - head.length - data.length) / sizeOfCopy));
  await pipeline(Readable.from(pieces()), createWriteStream(target, "latin1"));

  function* pieces() {
    yield `${head}\n`;
    for (const [, { line }] of instances) yield `${line}\n`;
    for (let copy = 1; copy <= copies; copy++) yield copied.map((entry) => copyOf(entry, copy)).join("");
    yield tail;
  }

  function copyOf([id, { line }], copy) {
    const raised = lifted.has(id) ? lift(line, copy * storeyHeight) : line;
    const renumbered = mapReferences(raised, (reference) =>
      shared.has(reference) ? reference : reference + copy * offset,
    );
    return `${renumbered.replace(/\('([0-3][\w$]{21})'/, (_, guid) => `('${globalId(`${guid} ${copy}`)}'`)}\n`;
  }
}

function parse(data) {
  const instances = new Map();
  for (const match of data.matchAll(/#(\d+)\s*=\s*(\w+)\s*\((?:'(?:[^']|'')*'|[^;'])*;/g))
    instances.set(Number(match[1]), { type: match[2].toUpperCase(), line: match[0] });
  return instances;
}

function mapReferences(line, map) {
  return line.replace(/'(?:[^']|'')*'|#(\d+)/g, (all, id) => (id === undefined ? all : `#${map(Number(id))}`));
}

function reach(instances, isRoot) {
  const reached = new Set();
  const queue = [...instances].filter(([, { type }]) => isRoot(type)).map(([id]) => id);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (reached.has(id) || !instances.has(id)) continue;
    reached.add(id);
    mapReferences(instances.get(id).line, (other) => (queue.push(other), other));
  }
  return reached;
}

/** The points at which the placements of storeys are. */
function pointsOfStoreys(instances) {
  const follow = (id, wanted) => {
    const found = [];
    mapReferences(instances.get(id).line, (other) => (found.push(other), other));
    return found.filter((other) => instances.get(other)?.type === wanted).at(-1);
  };
  const points = new Set();
  for (const [id, { type }] of instances) {
    if (type !== "IFCBUILDINGSTOREY") continue;
    const placement = follow(id, "IFCLOCALPLACEMENT");
    const axes = placement && follow(placement, "IFCAXIS2PLACEMENT3D");
    const point = axes && follow(axes, "IFCCARTESIANPOINT");
    if (point !== undefined) points.add(point);
  }
  return points;
}

function lift(line, height) {
  return line.replace(
    /\(\(([^,]+),([^,]+),([^)]+)\)\)/,
    (_, x, y, z) => `((${x},${y},${(Number(z) + height).toFixed(3)}))`,
  );
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [source, target, megabytes] = process.argv.slice(2);
  await repeatStoreys(source, target, Number(megabytes) * 1e6);
}
