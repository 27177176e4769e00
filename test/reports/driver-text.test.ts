import { expect, test } from 'vitest'
import { renderedLoad } from '../../reports/formats/load/rendered-load.ts'
import { exampleLoadResult } from '../support/results/load-result.ts'

const look = { colour: false, unicode: true, width: 100 }

/** A run on three hosts that lost one of its drivers, and of which another was slow. */
function degraded() {
  const result = exampleLoadResult()
  const detail = 'driver 2 of 3 on n1 was silent for 3 s'
  return {
    ...result,
    drivers: {
      ...result.drivers,
      count: 3,
      lost: [{ number: 2, detail, node: 'n1', seconds: 12.3 }],
      differing: [{ number: 3, of: 3, p50Seconds: 0.01, othersP50Seconds: 0.005, distance: 0.6 }],
    },
    engine: {
      name: 'slurm' as const,
      nodes: ['n0', 'n1', 'n2'].map((name, i) => ({
        ...{ name, drivers: 1, clockOffsetMs: -i, clockBoundMs: 0.25 },
      })),
      startSpreadMs: 1.5,
      startBoundMs: 0.5,
    },
  }
}

test.for(['table', 'markdown', 'html', 'csv', 'junit', 'json'])(
  'a degraded result is called that in %s',
  async (format) => {
    const text = await renderedLoad(format, degraded(), look)
    expect(text).toMatch(format === 'json' ? /"lost": \[\s*\{\s*"number": 2/ : /degraded/i)
    if (format !== 'csv') expect(text).toContain('driver 2 of 3 on n1 was silent for 3 s')
  },
)

test('hosts, spread of the start, clocks and drivers that differ are named', async () => {
  const text = (await renderedLoad('table', degraded(), { ...look, full: true })).replaceAll(
    /\s+/g,
    ' ',
  )
  expect(text).toContain('on n0, n1, n2 by slurm; began within 1.50 ms (± 0.500 ms)')
  expect(text).toContain('clocks off by up to 2.00 ms (± 0.250 ms)')
  expect(text).toContain(
    'driver 3 of 3 measured other latencies than most of the others: p50 10.0 ms, the others 5.00 ms',
  )
})
