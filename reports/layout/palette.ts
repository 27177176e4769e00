/** A colour on paper and light screens, and on dark ones. */
interface Colour {
  readonly light: string
  readonly dark: string
}

/** Colours besides those of the series. All differ, since the dark rules find each by its light value. */
export const ink = {
  text: { light: '#1f2933', dark: '#e6e9ee' },
  faint: { light: '#5c6773', dark: '#9aa5b1' },
  grid: { light: '#e3e7ec', dark: '#2d343c' },
  shade: { light: '#f1f4f8', dark: '#1f262d' },
  paper: { light: '#ffffff', dark: '#14181d' },
} as const satisfies Record<string, Colour>

/** Colours of series, in their order of use. They differ in lightness too. */
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

/** The backends without a balancer, in every report. */
export const control: Colour = { light: '#7b8794', dark: '#8793a0' }

/** Outcomes of comparisons: those that say neither better nor worse are grey. */
export const outcomes = {
  better: series[2] as Colour,
  worse: series[6] as Colour,
  other: control,
}

/**
 * Style rules for charts on dark screens. They override the colours in the marks, so programs without style sheets
 * draw the light chart.
 */
export const darkRules: string = [...Object.values(ink), ...series, control]
  .map(
    ({ light, dark }) =>
      `svg [fill="${light}"]{fill:${dark}}svg [stroke="${light}"]{stroke:${dark}}`,
  )
  .join('')
