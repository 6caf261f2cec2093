/** A name without the differences between programs: `D_European_1950` is `European Datum 1950` without its marks. */
export function normalize(name: string): string {
  return name
    .toLowerCase()
    .replace(/^(?:d_|gcs_)(?=[a-z])/, "")
    .replace(/[^\p{L}\p{N}+]/gu, "");
}
