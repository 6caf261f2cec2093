import { Type } from "typebox";

const strict = { additionalProperties: false };
const optional = Type.Optional;
const Text = Type.String({ minLength: 1 });
const Count = Type.Integer({ minimum: 0 });
const Positive = Type.Integer({ minimum: 1 });

const Connector = Type.Object({ module: Text, argsJson: optional(Type.Unknown()) }, strict);

const Client = Type.Object(
  {
    id: Text,
    secret: optional(Text),
    secretVariable: optional(Text),
    scopes: optional(Type.Array(Text)),
    iTwins: optional(Type.Union([Type.Array(Text), Type.Literal("*")])),
  },
  strict,
);

const Issuer = Type.Object({ url: Text, audience: optional(Text), iTwinsClaim: optional(Text) }, strict);

const Storage = Type.Union([
  Type.Object({ kind: Type.Literal("folder"), folder: optional(Text) }, strict),
  Type.Object(
    {
      kind: Type.Literal("azure"),
      connectionString: optional(Text),
      connectionStringVariable: optional(Text),
      container: Text,
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal("s3"),
      bucket: Text,
      region: optional(Text),
      endpoint: optional(Text),
      forcePathStyle: optional(Type.Boolean()),
      accessKeyId: optional(Text),
      secretAccessKey: optional(Text),
    },
    strict,
  ),
]);

const Limits = Type.Object(
  {
    requestsPerMinute: optional(Positive),
    uploadBytes: optional(Positive),
    signedUrlSeconds: optional(Positive),
    runSeconds: optional(Positive),
    runMegabytes: optional(Positive),
    runAttempts: optional(Positive),
    tilesSeconds: optional(Positive),
    viewMegabytes: optional(Positive),
  },
  strict,
);

const Manifests = Type.Object(
  {
    allowedPrivateHosts: optional(Type.Array(Text)),
    maxBytes: optional(Positive),
    maxItems: optional(Positive),
    timeoutSeconds: optional(Positive),
    maxRedirects: optional(Count),
  },
  strict,
);

/** The form of a configuration file: `ServiceOptions`, whose interfaces say what each field is. */
export const ConfigFile = Type.Object(
  {
    $schema: optional(Type.String()),
    host: optional(Text),
    port: optional(Type.Integer({ minimum: 0, maximum: 65535 })),
    publicUrl: optional(Type.String({ pattern: "^https?://[^/]+/?$" })),
    dataDirectory: optional(Text),
    databaseUrl: optional(Type.String({ pattern: "^postgres(ql)?://" })),
    storage: optional(Storage),
    issuer: optional(Issuer),
    clients: optional(Type.Array(Client)),
    connectors: optional(Type.Record(Type.String(), Connector)),
    workers: optional(Count),
    views: optional(Count),
    limits: optional(Limits),
    manifests: optional(Manifests),
    webhooks: optional(Type.Object({ allowedPrivateHosts: optional(Type.Array(Text)) }, strict)),
    logLevel: optional(Type.Enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])),
  },
  strict,
);
