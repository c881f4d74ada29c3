import { readFileSync } from "node:fs"
import { expect, test } from "vitest"

type Colour = { light: number; chroma: number; hue: number }
type Theme = "light" | "dark"

const tokens = readTokens(readFileSync("app/styles/tokens.css", "utf8"))
const themes: Theme[] = ["light", "dark"]
const grounds = ["paper", "surface", "sunken"]

/** Text and what it stands on: 4.5 to 1 (WCAG 2.2, 1.4.3). */
const texts: [string, string][] = [
  ...grounds.flatMap((ground): [string, string][] => [
    ["ink", ground],
    ["ink-soft", ground],
    ["lamp", ground],
  ]),
  ...["good", "warn", "bad"].flatMap((tone): [string, string][] => [
    [tone, "paper"],
    [tone, "surface"],
    [tone, `${tone}-soft`],
    ["ink", `${tone}-soft`],
  ]),
  ["lamp", "lamp-soft"],
  ["ink", "lamp-soft"],
  ["ink-soft", "lamp-soft"],
  ["lamp-ink", "lamp-glow"],
  ["bad-ink", "bad-fill"],
]

/** What marks a control or its focus: 3 to 1 (WCAG 2.2, 1.4.11). */
const marks: [string, string][] = [
  ["edge", "paper"],
  ["edge", "surface"],
  ["lamp", "paper"],
  ["lamp", "surface"],
  ["lamp", "sunken"],
  ["lamp", "line"],
  ["bad", "surface"],
]

for (const theme of themes) {
  test.each(texts)(`[H1] ${theme}: %s can be read on %s`, (front, back) => {
    expect(contrast(front, back, theme)).toBeGreaterThanOrEqual(4.5)
  })
  test.each(marks)(`[H1] ${theme}: %s can be told from %s`, (front, back) => {
    expect(contrast(front, back, theme)).toBeGreaterThanOrEqual(3)
  })
}

test("[H1] the measure of contrast is WCAG's", () => {
  const white = { light: 1, chroma: 0, hue: 0 }
  const black = { light: 0, chroma: 0, hue: 0 }
  expect(ratio(white, black)).toBeCloseTo(21, 1)
  // #767676, the lightest grey that passes on white
  expect(ratio(white, { light: 0.5681, chroma: 0, hue: 0 })).toBeCloseTo(4.54, 1)
})

test("[H1] every token has a light and a dark value inside sRGB", () => {
  expect(tokens.size).toBeGreaterThan(18)
  for (const [name, pair] of tokens) {
    for (const theme of themes) {
      for (const channel of linearRgb(pair[theme])) {
        expect(channel, `${name}, ${theme}`).toBeGreaterThan(-0.005)
        expect(channel, `${name}, ${theme}`).toBeLessThan(1.005)
      }
    }
  }
})

function contrast(front: string, back: string, theme: Theme): number {
  return ratio(token(front)[theme], token(back)[theme])
}

function token(name: string) {
  const found = tokens.get(name)
  if (!found) throw new Error(`no token ${name}`)
  return found
}

function ratio(one: Colour, other: Colour): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: Colour): number {
  const [red, green, blue] = linearRgb(colour).map(channel => Math.min(1, Math.max(0, channel)))
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0)
}

/** OKLCH to linear sRGB, by Björn Ottosson's matrices (https://bottosson.github.io/posts/oklab/). */
function linearRgb({ light, chroma, hue }: Colour): number[] {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (light - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

function readTokens(css: string): Map<string, Record<Theme, Colour>> {
  const colour = String.raw`oklch\(([\d.]+) ([\d.]+) ([\d.]+)(?: / [\d.]+)?\)`
  const line = new RegExp(String.raw`--([a-z-]+): light-dark\(${colour}, ${colour}\);`, "g")
  const found = new Map<string, Record<Theme, Colour>>()
  for (const [, name = "", ...values] of css.matchAll(line)) {
    const [l1 = 0, c1 = 0, h1 = 0, l2 = 0, c2 = 0, h2 = 0] = values.map(Number)
    found.set(name, {
      light: { light: l1, chroma: c1, hue: h1 },
      dark: { light: l2, chroma: c2, hue: h2 },
    })
  }
  return found
}
