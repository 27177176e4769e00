import { grouped, quantity, rounded } from '../../src/kit/units.ts'
import type { PanelUnit } from '../../src/watch/panel.ts'

const texts: Readonly<Record<PanelUnit, (value: number) => string>> = {
  percentunit: (value) => quantity(value, 'fraction'),
  s: (value) => quantity(value, 's'),
  bytes: (value) => quantity(value, 'bytes'),
  reqps: (value) => `${rounded(value)}/s`,
  ops: (value) => `${rounded(value)}/s`,
  short: (value) => (Number.isInteger(value) ? grouped(value) : rounded(value)),
}

/** A value of a panel with its unit: `2.50 ms`, `15,000/s`; a dash where there is none. */
export function watchFigure(value: number | null | undefined, unit: PanelUnit): string {
  return value === null || value === undefined ? '–' : texts[unit](value)
}
