/**
 * What a job is asked to do. Every field is a flag of `connector-runner` as well.
 * @public
 */
export class ConnectorJobDefArgs {
  /**
   * Whether this is the last document of the iModel, so that what needs the finished iModel can be done: the project
   * extents are fitted to all that it holds, where otherwise they only grow. Without `connectorModule` that is all
   * that the run does. Default: false.
   */
  public allDocsProcessed = false;
  /** Arguments for the connector; what they are, its documentation tells. */
  // The required interface says `any`: the framework hands it on as it is.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  public argsJson: any;
  /** The connector: path of a module, or name of a package. See `loadConnector` for what it must export. */
  public connectorModule?: string;
  /** The token for `dmsServerUrl`, sent as `Authorization: Bearer`. */
  public dmsAccessToken?: string;
  /** Where to fetch the source file from, before anything else: an http, https or file URL. */
  public dmsServerUrl?: string;
  /**
   * The GUID of the source document in its document management system. It becomes the document's identity, so that
   * the document stays the same when its path or name changes, and the `repositoryGuid` of its RepositoryLink.
   */
  public documentGuid?: string;
  /** Whether elements of entities that vanished from the source are deleted. Default: true. */
  public doDetectDeletedElements = true;
  /** Path of a folder with NTv2 grids (`.gsb`), which bring coordinates of older datums to their places more exactly. */
  public grids?: string;
  /** Whether a new iModel is a snapshot, and not an editable standalone iModel. Default: false. */
  public isSnapshot = false;
  /** The folder for the iModel, `<source file name without extension>.bim`. It is made if it is missing. */
  public outputDir?: string;
  /** Heads the description under which the run is saved. */
  public revisionComments?: string;
  /**
   * What a service or a script sets for all connectors alike, such as `{ "enableSheetsAndDrawings": true }`. A connector
   * follows those that it knows, and ignores the others. Default: none.
   */
  public settings?: Readonly<Record<string, unknown>>;
  /** The source file. With `dmsServerUrl` it need not exist: then it only gives the fetched file its name. */
  public sourcePath?: string;
  /** Whether the iModel's file format may be upgraded. Default: true. */
  public updateDbProfile = true;
  /** Whether the domain schemas in the iModel may be upgraded. Default: true. */
  public updateDomainSchemas = true;
}
