declare module "gltf-validator" {
  /** What the validator says of a file. Severities are 0 error, 1 warning, 2 information, 3 hint. */
  interface ValidationReport {
    issues: { messages: { code: string; severity: number; message: string; pointer?: string }[] };
  }
  const validator: {
    validateBytes(bytes: Uint8Array, options?: { maxIssues?: number }): Promise<ValidationReport>;
  };
  export default validator;
}
