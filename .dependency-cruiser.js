/**
 * The order of the layers, for `npm run layers`. In each list, a name may be imported by those before it and by nobody
 * after it. Type imports count as well.
 */

/** The framework: folders of src/. */
const framework = [
  "cli/",
  "(index|internal)\\.ts$",
  "testing/",
  "compare/",
  "diagnostics/",
  "run/",
  "tables/",
  "connector/",
  "sync/",
  "places/",
  "units/",
  "imodel/",
  "bank/",
  "files/",
  "(Connector(Error|LoggerCategory)|LoopTurns|counted)\\.ts$",
];

/** Folders of src/sync/. */
const sync = [
  "(Synchronizer|SynchronizerOptions)\\.ts$",
  "documents/",
  "elements/",
  "deletion/",
  "provenance/",
  "values/",
  "items/",
];

/** What the framework's packages and connectors may import of it: the entries that its package.json exports. */
const entries = "^src/((testing|tables|places|units)/index|index|internal)\\.ts$";

/** Folders below src/ of the service. */
const service = [
  "(index|startService|startWorker|openContext|routes)\\.ts$",
  "page/",
  "api/",
  "work/",
  "ServiceContext\\.ts$",
  "views/",
  "webhooks/",
  "runs/",
  "histories/",
  "platform/",
];

const serviceApi = [
  "webhooks/",
  "events/",
  "synchronization/",
  "storage/",
  "imodels/",
  "itwins/",
  "(auth|blobs|operation)/",
];

const servicePlatform = [
  "http/",
  "auth/",
  "blobs/",
  "database/",
  "config/",
  "process/",
  "(CleanUpStack|Ongoing|chunks|contentDisposition|errors|ids|log|longestTimer|metrics|orAborted)\\.ts$",
];

/** Folders below src/ of the viewer: a folder makes what the folders before it ask for. */
const viewer = [
  "index\\.ts$",
  "picture/",
  "report/",
  "view/",
  "server/",
  "changes/",
  "tables/",
  "tiles/",
  "gltf/",
  "graphics/",
  "elements/",
  "page/",
];

/** For each layer a rule against the layers above it, and one that no layer is left out of the list. */
function layers(root, names) {
  const paths = names.map((name) => `^${root}${name}`);
  const order = names.slice(1).map((name, index) => ({
    name: `${root}${name}: no import of a layer above`,
    severity: "error",
    from: { path: `^${root}${name}` },
    to: { path: paths.slice(0, index + 1) },
  }));
  const unlisted = {
    name: `${root}: every layer is listed here`,
    severity: "error",
    from: {},
    to: { path: `^${root}`, pathNot: paths },
  };
  return [...order, unlisted];
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: "no cycles of files",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      // The command line lies in src/ and loads these packages on demand, so the folders as a whole import each other. The
      // service loads the viewer; the order of the viewer's layers, below, rules out cycles within it.
      name: "no cycles of folders",
      severity: "error",
      scope: "folder",
      from: { pathNot: "^(src$|packages/service/src$|packages/viewer/src(/|$))" },
      to: { circular: true },
    },
    {
      name: "every import is found",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "packages and connectors use the framework through its entries",
      severity: "error",
      from: { path: "^(packages|connectors)/" },
      to: { path: "^src/", pathNot: entries },
    },
    {
      name: "the client stands alone",
      severity: "error",
      from: { path: "^packages/client/" },
      to: { path: "^(src|packages/(service|imodelhub|viewer)|connectors)/" },
    },
    {
      name: "only the command line loads packages and nothing loads connectors",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/cli/" },
      to: { path: "^(packages|connectors)/" },
    },
    {
      // The service loads the viewer on demand: `import("itwin-connector-viewer")`.
      name: "packages do not import each other, but for the viewer of the service",
      severity: "error",
      from: { path: "^packages/([^/]+)/" },
      to: { path: "^(packages|connectors)/", pathNot: "^packages/($1|viewer)/" },
    },
    {
      name: "only the service loads the viewer, and only on demand",
      severity: "error",
      from: { path: "^packages/", pathNot: "^packages/(viewer/|service/src/(page|views|work/tiles)/)" },
      to: { path: "^packages/viewer/" },
    },
    {
      name: "connectors do not import each other",
      severity: "error",
      from: { path: "^connectors/([^/]+)/" },
      to: { path: "^(packages|connectors)/", pathNot: "^connectors/$1/" },
    },
    ...layers("src/", framework),
    ...layers("src/sync/", sync),
    ...layers("packages/service/src/", service),
    ...layers("packages/viewer/src/", viewer),
    ...layers("packages/service/src/api/", serviceApi),
    ...layers("packages/service/src/platform/", servicePlatform),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["(^|/)(lib|test|sample|scripts)/", "\\.d\\.ts$"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["itwin-connector-framework-source", "import", "node", "types", "default"],
    },
  },
};
