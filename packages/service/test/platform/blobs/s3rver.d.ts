/** What the tests use of s3rver, which comes without types. */
declare module "s3rver" {
  export default class S3rver {
    public constructor(options: {
      address: string;
      port: number;
      silent: boolean;
      directory: string;
      configureBuckets: { name: string; configs: string[] }[];
    });
    public run(): Promise<{ port: number }>;
    public close(): Promise<void>;
  }
}
