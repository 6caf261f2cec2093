/** A module that brings in files of one connector type. */
export interface ConnectorConfig {
  /** Path of a module, or name of a package; see `loadConnector`. Relative paths start at the configuration file. */
  module: string;
  /** Arguments for the connector. */
  argsJson?: unknown;
}

/** A client of the embedded issuer. */
export interface ClientConfig {
  /** The client id. */
  id: string;
  /** The secret, or an environment variable that holds it. One of the two. */
  secret?: string;
  /** The environment variable that holds the secret. */
  secretVariable?: string;
  /** What it may ask for. Default: `itwin-platform`. */
  scopes?: string[];
  /** The iTwins that it is a member of, or `*` for all. Those that it creates come in addition. */
  iTwins?: string[] | "*";
}

/** An issuer of tokens that takes the place of the embedded one. */
export interface IssuerConfig {
  /** The URL of the issuer, below which `/.well-known/openid-configuration` is found. */
  url: string;
  /** The audience that tokens must name. Default: any. */
  audience?: string;
  /** A claim with the ids of the iTwins that the bearer is a member of. Those that they create come in addition. */
  iTwinsClaim?: string;
}

/** Files in a folder that all processes of the service can reach; by default in the data directory. */
export interface FolderStorageConfig {
  /** Selects this kind of storage. */
  kind: "folder";
  /** Default: `blobs` in the data directory. */
  folder?: string;
}

/** Files in Azure Blob Storage. Needs the package `@azure/storage-blob`. */
export interface AzureStorageConfig {
  /** Selects this kind of storage. */
  kind: "azure";
  /** The connection string, or an environment variable that holds it. One of the two. */
  connectionString?: string;
  /** The environment variable that holds the connection string. */
  connectionStringVariable?: string;
  /** The name of the container, which is created if it is missing. */
  container: string;
}

/** Files in storage that speaks S3. Needs the packages `@aws-sdk/client-s3` and `@aws-sdk/lib-storage`. */
export interface S3StorageConfig {
  /** Selects this kind of storage. */
  kind: "s3";
  /** The name of the bucket, which must exist. */
  bucket: string;
  /** Default: `us-east-1`. */
  region?: string;
  /** The URL of the server, where it is not Amazon's. */
  endpoint?: string;
  /** Whether the bucket is a part of the path, not of the host. Default: whether there is an `endpoint`. */
  forcePathStyle?: boolean;
  /** Default: what the SDK finds in the environment. */
  accessKeyId?: string;
  /** Default: what the SDK finds in the environment. */
  secretAccessKey?: string;
}

/** Where the service keeps files. */
export type StorageConfig = FolderStorageConfig | AzureStorageConfig | S3StorageConfig;

/** What holds the service back, for its own good. */
export interface LimitsConfig {
  /** Requests of one client in a minute, in each process. */
  requestsPerMinute: number;
  /** Of one upload, in bytes. */
  uploadBytes: number;
  /** How long a pre-signed URL holds, in seconds. */
  signedUrlSeconds: number;
  /** How long a run may take, in seconds. */
  runSeconds: number;
  /** What the process of a run may use of memory, in megabytes. */
  runMegabytes: number;
  /** How often a run is taken up whose worker died. */
  runAttempts: number;
  /** How long the graphics of a version may take to be made, in seconds. */
  tilesSeconds: number;
  /** What the process of a version that is shown in the page may use of memory, in megabytes. */
  viewMegabytes: number;
}

/** How the URLs in manifests are fetched. */
export interface ManifestsConfig {
  /** Hosts and networks (CIDR) that may be reached although they are private, loopback or link-local. */
  allowedPrivateHosts: string[];
  /** The largest file, in bytes. */
  maxBytes: number;
  /** How many files a manifest may name, and how many source files a new connection may have. */
  maxItems: number;
  /** For one file, in seconds. */
  timeoutSeconds: number;
  /** How many redirects of a URL are followed. */
  maxRedirects: number;
}

/** How events are sent to webhooks. */
export interface WebhooksConfig {
  /** Hosts and networks (CIDR) that may be called although they are private, loopback or link-local, also over http. */
  allowedPrivateHosts: string[];
}

/** All that a service is told. What a configuration file leaves out has its default here. */
export interface ServiceConfig {
  /** The address to listen on. */
  host: string;
  /** 0 for any that is free. */
  port: number;
  /** The URL of the service as clients see it, without a path. Default: what each request says in its Host header. */
  publicUrl?: string;
  /** Where the service keeps what it has. */
  dataDirectory: string;
  /** The URL of a Postgres server. Default: an embedded one, in the data directory. */
  databaseUrl?: string;
  /** Where files are. Default: a folder in the data directory. */
  storage: StorageConfig;
  /** Default: the embedded issuer. */
  issuer?: IssuerConfig;
  /** The clients of the embedded issuer. Default: one for the owner. */
  clients: ClientConfig[];
  /** Connector types and their modules. Modules come from here only. */
  connectors: Record<string, ConnectorConfig>;
  /** How many runs this process executes at a time; 0 for none. */
  workers: number;
  /** How many versions of iModels this process keeps open for the page at a time; 0 for none. */
  views: number;
  /** What holds the service back. */
  limits: LimitsConfig;
  /** How the URLs in manifests are fetched. */
  manifests: ManifestsConfig;
  /** How events are sent to webhooks. */
  webhooks: WebhooksConfig;
  /** The level of the log: trace, debug, info, warn, error, or silent. */
  logLevel: string;
}

/** What a service is told in a configuration file, or by a program: every field has a default. */
export type ServiceOptions = {
  [Field in keyof ServiceConfig]?: ServiceConfig[Field] extends unknown[] | string | number | undefined
    ? ServiceConfig[Field]
    : Field extends "limits" | "manifests" | "webhooks"
      ? Partial<ServiceConfig[Field]>
      : ServiceConfig[Field];
};

const gigabyte = 1024 ** 3;

/** A configuration with what was not given filled in. */
export function withDefaults(given: ServiceOptions): ServiceConfig {
  return {
    host: "127.0.0.1",
    port: 3001,
    dataDirectory: "service-data",
    storage: { kind: "folder" },
    clients: [],
    connectors: {},
    workers: 2,
    views: 4,
    logLevel: "info",
    ...given,
    limits: {
      requestsPerMinute: 200_000,
      uploadBytes: 50 * gigabyte,
      signedUrlSeconds: 3600,
      runSeconds: 6 * 3600,
      runMegabytes: 8192,
      runAttempts: 5,
      tilesSeconds: 1800,
      viewMegabytes: 2048,
      ...given.limits,
    },
    manifests: {
      allowedPrivateHosts: [],
      maxBytes: 10 * gigabyte,
      maxItems: 100_000,
      timeoutSeconds: 600,
      maxRedirects: 5,
      ...given.manifests,
    },
    webhooks: { allowedPrivateHosts: [], ...given.webhooks },
  };
}
