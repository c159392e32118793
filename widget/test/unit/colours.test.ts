import { describe, expect, it } from "vitest";
import { type Colour, contrast, inkOn, read } from "../../src/host/colours";
import { GROUNDS, palette } from "../../src/host/palette";

const STEPS = [0, 32, 64, 96, 128, 160, 192, 224, 255];
const BRANDS = STEPS.flatMap((red) => STEPS.flatMap((green) => STEPS.map((blue): Colour => [red, green, blue])));

describe("any brand colour", () => {
  for (const scheme of ["light", "dark"] as const) {
    it(`is readable when it is ${scheme}`, () => {
      const { paper, surface } = GROUNDS[scheme];
      for (const brand of BRANDS) {
        const { accent, fill, ink, soft } = palette(brand, scheme);
        for (const ground of [paper, surface, soft])
          expect(contrast(accent, ground), `${brand}`).toBeGreaterThanOrEqual(4.5);
        for (const ground of [paper, surface]) expect(contrast(fill, ground), `${brand}`).toBeGreaterThanOrEqual(3);
        expect(contrast(ink, fill), `${brand}`).toBeGreaterThanOrEqual(4.5);
      }
    });
  }

  it("carries readable words on the button", () => {
    for (const brand of BRANDS) expect(contrast(inkOn(brand), brand)).toBeGreaterThanOrEqual(4.5);
  });
});

it("a colour is read as browsers compute it", () => {
  expect(read("rgb(31, 95, 80)")).toEqual([31, 95, 80]);
  expect(read("rgba(31, 95, 80, 0.5)")).toEqual([31, 95, 80]);
  expect(read("color(srgb 0.121569 0.372549 0.313726)")).toEqual([31, 95, 80]);
  expect(read("color(srgb 1e-7 1 0)")).toEqual([0, 255, 0]);
  expect(read("")).toBeNull();
});
