/** Numbers that stand for the names of types: millions of instances share some hundred names. */
export class TypeNames {
  private readonly _names: string[] = [];
  private readonly _byHash = new Map<number, number[]>();

  /** The names, in the order of their numbers. */
  public get all(): readonly string[] {
    return this._names;
  }

  /** The number of the name between two offsets, in any case of letters; a new one for a new name. */
  public numberOf(bytes: Buffer, start: number, end: number): number {
    let hash = 0;
    for (let position = start; position < end; position++)
      hash = (Math.imul(hash, 31) + upperCase(bytes[position])) | 0;
    const candidates = this._byHash.get(hash);
    const known = candidates?.find((number) => isName(this._names[number], bytes, start, end));
    return known ?? this._add(bytes.toString("latin1", start, end), hash, candidates);
  }

  private _add(text: string, hash: number, candidates: number[] | undefined): number {
    const number = this._names.push(text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())) - 1;
    if (candidates === undefined) this._byHash.set(hash, [number]);
    else candidates.push(number);
    return number;
  }
}

function isName(name: string | undefined, bytes: Buffer, start: number, end: number): boolean {
  if (name?.length !== end - start) return false;
  for (let position = start; position < end; position++)
    if (name.charCodeAt(position - start) !== upperCase(bytes[position])) return false;
  return true;
}

function upperCase(byte = 0): number {
  return byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte;
}
