import type { Check } from './check.ts'
import type { Evidence } from './evidence.ts'

/** A knob that did not take effect makes the trial one of another arm: it is discarded, and never "no difference". */
export function knobsTaken({
  missed = [],
  turns = [],
  measured,
  backendProtocol = 'unknown',
}: Evidence): Check[] {
  const spoken: Readonly<Record<string, string>> = {
    protocol: measured.connections?.protocol ?? 'unknown',
    'backend-protocol': backendProtocol,
  }
  const unspoken = turns.flatMap(({ knob, readBack }) =>
    readBack.flatMap(({ from, is }) => {
      const found = spoken[from]
      if (found === undefined || found === is) return []
      return [{ knob, what: from.replace('-', ' '), wanted: is, found }]
    }),
  )
  return [...missed, ...unspoken].map((values) => ({
    fatal: true,
    failed: { code: 'knob-not-taken', values },
  }))
}
