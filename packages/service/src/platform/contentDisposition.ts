/** The header that lets a browser save what it downloads, under a name in any script (RFC 6266). */
export function attachmentNamed(fileName: string): string {
  const plain = fileName.replaceAll(/[^ -~]|["\\%]/g, "_");
  const encoded = encodeURIComponent(fileName).replaceAll(/['()*]/g, percentEncoded);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
