/** A colour on paper and on a light screen, and what it becomes on a dark one. */
interface Colour {
  readonly light: string
  readonly dark: string
}

/** What a chart is drawn with besides its series. All are distinct: a dark screen finds each by its light value. */
export const ink = {
  text: { light: '#1f2933', dark: '#e6e9ee' },
  faint: { light: '#5c6773', dark: '#9aa5b1' },
  grid: { light: '#e3e7ec', dark: '#2d343c' },
  shade: { light: '#f1f4f8', dark: '#1f262d' },
  paper: { light: '#ffffff', dark: '#14181d' },
} as const satisfies Record<string, Colour>

/** Colours of series, in the order in which they are given out. They differ in lightness too. */
export const series: readonly Colour[] = [
  { light: '#2563c9', dark: '#6aa5ff' },
  { light: '#d9622b', dark: '#ff9a66' },
  { light: '#128a63', dark: '#3fcf9b' },
  { light: '#a3478f', dark: '#e08bd0' },
  { light: '#a97a0a', dark: '#e6b84a' },
  { light: '#54657a', dark: '#b3c2d4' },
  { light: '#c2334d', dark: '#ff7a90' },
  { light: '#4b3fa7', dark: '#a79cff' },
]

/**
 * Style rules that turn a chart dark where the reader's screen is. They override the colours that are
 * written in the marks, so that a program that knows no style sheets draws the light chart.
 */
export const darkRules: string = [...Object.values(ink), ...series]
  .map(
    ({ light, dark }) =>
      `svg [fill="${light}"]{fill:${dark}}svg [stroke="${light}"]{stroke:${dark}}`,
  )
  .join('')
