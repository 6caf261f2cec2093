import { expect } from "chai";
import { Handovers } from "../../src/imodel/Handovers.js";

/** Handovers such as `a<b`: a takes from b. */
function handoversOf(text: string): Handovers {
  const handovers = new Handovers();
  for (const pair of text.split(" ")) {
    const [takerId = "", giverId = ""] = pair.split("<");
    handovers.add({ takerId, giverId });
  }
  return handovers;
}

describe("Handovers of values between elements", () => {
  for (const [what, text, circles] of [
    ["none in a chain", "a<b b<c c<d", ""],
    ["both that change places", "a<b b<a c<d", "a b"],
    ["all of a circle", "a<b b<c c<a", "a b c"],
    ["those of several circles", "a<b b<a c<d d<e e<c x<y", "a b c d e"],
    ["a circle through a code and a GUID", "a<b b<a b<c", "a b"],
    ["also those that wait for one in a circle", "a<b b<a c<a c<d", "a b c"],
  ] as const)
    it(`have ${what} in circles`, () => {
      expect(handoversOf(text).inCircles().sort().join(" ")).to.equal(circles);
    });

  it("are many only where applying them takes long", () => {
    const chain = (length: number) => Array.from({ length }, (_, index) => `${index}<${index + 1}`).join(" ");
    expect(handoversOf(chain(1000)).areMany).to.equal(false);
    expect(handoversOf(chain(1001)).areMany).to.equal(true);
    expect(handoversOf("a<b b<c").takerIds).to.deep.equal(["a", "b"]);
  });
});
