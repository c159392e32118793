// The colours of the panel, made from one colour of the firm, for light and for dark.

import { against, type Colour, inkOn, mixed, read, SHAPE, TEXT, written } from "./colours";

export type Scheme = "light" | "dark";

export const BRAND: Colour = [31, 95, 80];

export const GROUNDS: Record<Scheme, { paper: Colour; surface: Colour; tint: number }> = {
  light: { paper: [248, 246, 241], surface: [255, 255, 255], tint: 0.08 },
  dark: { paper: [17, 22, 21], surface: [27, 34, 32], tint: 0.22 },
};

export interface Palette {
  /** Strings and outlines in the firm's colour. */
  accent: Colour;
  /** Areas in the firm's colour, and what is written on them. */
  fill: Colour;
  ink: Colour;
  /** A breath of it. */
  soft: Colour;
}

export function palette(brand: Colour, scheme: Scheme): Palette {
  const { paper, surface, tint } = GROUNDS[scheme];
  const fill = against(brand, [surface, paper], SHAPE);
  const soft = mixed(surface, brand, tint);
  return { accent: against(brand, [surface, paper, soft], TEXT), fill, ink: inkOn(fill), soft };
}

/** The colour that the site named, by attribute or by variable, as the browser understands it. */
export function brandOf(named: string | undefined, probe: HTMLElement): Colour {
  probe.style.color = "";
  const wanted = named || getComputedStyle(probe).getPropertyValue("--seatwise-color");
  probe.style.color = `color-mix(in srgb, ${wanted}, ${wanted})`;
  const brand = probe.style.color && read(getComputedStyle(probe).color);
  probe.style.color = "";
  return brand || BRAND;
}

export function paint(root: HTMLElement, brand: Colour, scheme: Scheme): void {
  root.dataset.scheme = scheme;
  for (const [name, colour] of Object.entries(palette(brand, scheme))) {
    root.style.setProperty(`--${name === "ink" ? "on-fill" : name}`, written(colour as Colour));
  }
}
