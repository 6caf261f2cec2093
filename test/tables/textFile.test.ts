import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { openText, readText, SourceErrors } from "itwin-connector-framework/tables";
import { readUtf8 } from "../../src/tables/text/TextFile.js";
import { temporaryFolder } from "../support/temporary.js";

const path = join(temporaryFolder(), "text.txt");
const pieceSize = 1 << 18;

async function read(content: Buffer, encoding?: string): Promise<{ bytes: string; text: string }> {
  writeFileSync(path, content);
  const file = await openText(new SourceErrors("test", path), encoding);
  let text = "";
  for await (const piece of readText(file)) text += piece;
  const pieces: Buffer[] = [];
  for await (const piece of readUtf8(file)) pieces.push(piece);
  return { bytes: Buffer.concat(pieces).toString(), text };
}

async function errorOf(content: Buffer) {
  return read(content).then(() => undefined, (error: unknown) => error as { code: string; source: object }); // prettier-ignore
}

describe("A text as UTF-8", () => {
  it("is the same as the decoded one, wherever a character lies across pieces", async () => {
    for (const character of ["é", "€", "😀", "a"])
      for (let before = 0; before < 4; before++) {
        const content = Buffer.from(`${"x".repeat(pieceSize - before)}${character}y`);
        for (const mark of ["", "\ufeff"]) {
          const { bytes, text } = await read(Buffer.concat([Buffer.from(mark), content]));
          expect(bytes === text && bytes === content.toString(), `${character} ${before}`).to.equal(true);
        }
      }
  });

  it("is the same as the decoded one in other encodings", async () => {
    expect(await read(Buffer.from("\ufeffGröße😀", "utf16le"))).to.deep.equal({ bytes: "Größe😀", text: "Größe😀" });
    expect((await read(Buffer.from([0x80, 0xe9]), "windows-1252")).bytes).to.equal("€é");
  });

  it("is refused with the line of bytes that are no text", async () => {
    for (const bad of [[0xe9], [0xe2, 0x82], [0xff], [0x80], [0xf0, 0x9f, 0x98]]) {
      const start = Buffer.from("a\nb\n");
      for (const end of ["", "\nc"]) {
        const error = await errorOf(Buffer.concat([start, Buffer.from(bad), Buffer.from(end)]));
        expect(error, `${bad.join()} ${JSON.stringify(end)}`).to.include({ code: "test/encoding" });
        expect(error!.source).to.include({ line: 3 });
      }
    }
  });
});
