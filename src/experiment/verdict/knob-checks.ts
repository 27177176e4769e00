import type { Check } from './check.ts'
import type { Evidence } from './evidence.ts'

/** A knob that did not take effect makes the trial one of another arm: it is discarded, and never "no difference". */
export function knobsTaken({ missed = [], turns = [], measured }: Evidence): Check[] {
  const protocol = measured.connections?.protocol ?? 'unknown'
  const unspoken = turns.flatMap(({ knob, readBack }) =>
    readBack
      .filter(({ from, is }) => from === 'protocol' && is !== protocol)
      .map(({ is }) => ({ knob, what: 'protocol', wanted: is, found: protocol })),
  )
  return [...missed, ...unspoken].map((values) => ({
    fatal: true,
    failed: { code: 'knob-not-taken', values },
  }))
}
