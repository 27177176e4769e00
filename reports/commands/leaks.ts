import type { RenderOptions } from '../../src/kit/render-options.ts'
import { rounded } from '../../src/kit/units.ts'
import type { Growth } from '../../src/profile/leak/growth.ts'
import { terminal } from '../layout/terminal.ts'
import { terminalTable } from '../layout/terminal-table.ts'

/** How the memory of one arm grows. */
interface ShownLeaks {
  readonly arm: string
  readonly memory: 'heap' | 'rss'
  readonly requests: Growth | undefined
  readonly connections: Growth | undefined
}

const memories = { heap: 'heap after collection', rss: 'RSS, garbage included' } as const

const outcomes = { leak: 'leak', none: 'no leak', inconclusive: 'inconclusive' } as const

/** Growth of memory for a terminal. */
export function leaksText(measured: readonly ShownLeaks[], options: RenderOptions): string {
  const rows = measured.flatMap(({ arm, memory, requests, connections }) =>
    (
      [
        ['request', requests],
        ['connection', connections],
      ] as const
    ).map(([unit, growth]) => [arm, memories[memory], ...cellsOf(unit, growth)]),
  )
  const table = terminalTable(
    {
      title: 'Growth of memory',
      head: ['arm', 'memory', 'for each', 'bytes', 'outcome'],
      rows,
      notes: [
        'Means of the differences between rounds, with 95 % intervals. A leak: the whole interval is above 16 bytes for each request, 256 for each connection.',
      ],
    },
    terminal(options),
  )
  return `${table}\n`
}

function cellsOf(unit: string, growth: Growth | undefined): string[] {
  if (growth === undefined) return [unit, '–', 'too few rounds']
  const { center, low, high } = growth.perUnit
  const bytes = `${rounded(center)} (${rounded(low)} to ${rounded(high)})`
  return [unit, bytes, outcomes[growth.outcome]]
}
