// Any brand colour stays readable: what is written on it and what is written in it is moved until the contrast is enough.

export type Colour = [red: number, green: number, blue: number];

export const TEXT = 4.5;
export const SHAPE = 3;

const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];

/** Reads a colour as browsers compute it: "rgb(31, 95, 80)" or "color(srgb 0.12 0.37 0.31)". */
export function read(value: string): Colour | null {
  const parts = value.match(/[\d.][\d.e-]*/g)?.slice(0, 3);
  if (parts?.length !== 3) return null;
  return parts.map((part) => Math.round(Number(part) * (value[0] === "c" ? 255 : 1))) as Colour;
}

export function written(colour: Colour): string {
  return `rgb(${colour.join(" ")})`;
}

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((part) =>
    part > 10 ? ((part / 255 + 0.055) / 1.055) ** 2.4 : part / 3295,
  ) as Colour;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast ratio of WCAG 2, from 1 to 21. */
export function contrast(one: Colour, other: Colour): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

export function mixed(colour: Colour, other: Colour, share: number): Colour {
  return colour.map((part, at) => Math.round(part + ((other[at] ?? 0) - part) * share)) as Colour;
}

/** White, or black where white would have less contrast than 4.5; then black has more. */
export function inkOn(ground: Colour): Colour {
  return luminance(ground) > 0.18 ? BLACK : WHITE;
}

/** The colour itself, or the nearest shade of it that stands out enough from all these grounds. */
export function against(colour: Colour, grounds: Colour[], enough: number): Colour {
  const towards = inkOn(grounds[0] ?? WHITE);
  for (let share = 0; share < 1; share += 0.02) {
    const shade = mixed(colour, towards, share);
    if (grounds.every((one) => contrast(shade, one) >= enough)) return shade;
  }
  return towards;
}
