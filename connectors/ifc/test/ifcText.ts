/** A GlobalId of its own for each number, as STEP writes it. */
export function guid(number: number): string {
  return `'0test${String(number).padStart(17, "0")}'`;
}

/** The text of a file with some instances, a line for each. */
export function ifcText(schema: string, lines: readonly string[]): string {
  return [
    "ISO-10303-21;",
    "HEADER;",
    "FILE_DESCRIPTION((''),'2;1');",
    "FILE_NAME('m.ifc','2024-01-01T00:00:00',(''),(''),'','','');",
    `FILE_SCHEMA(('${schema}'));`,
    "ENDSEC;",
    "DATA;",
    ...lines,
    "ENDSEC;",
    "END-ISO-10303-21;",
    "",
  ].join("\n");
}
