import { expect, test } from 'vitest'
import { driveLoadFleet } from '../../src/driver/fleet/drive-load-fleet.ts'
import type { DriverLoadReport } from '../../src/driver/journey/load-report.ts'
import type { AgentOptions } from '../../src/engine/agent.ts'
import { nodeBeds } from '../../src/engine/node-beds.ts'
import { seeded } from '../../src/kit/random.ts'
import { histogram } from '../../src/stats/histogram/histogram.ts'
import { framedLauncher } from '../support/engine/framed-launcher.ts'
import { placementOfOne } from '../support/engine/placement-of-one.ts'

function encoded(micros: readonly number[]): string {
  const times = histogram()
  for (const time of micros) times.record(time)
  return times.encode()
}

function report(micros: readonly number[]): DriverLoadReport {
  const latency = encoded(micros)
  const ok = micros.length
  const visits = { planned: ok, sent: ok, visits: ok, finished: ok, cut: 0, notSent: {} }
  return {
    stages: [
      { ...visits, lateness: latency, steps: { get: { ok, failed: {}, checks: {}, latency } } },
    ],
    ...{ unfinished: 0, seconds: 1, metrics: {}, busy: 0, stalled: 0, cpuSeconds: 0 },
    aborted: false,
  }
}

/** A driver that reports these times once it has begun. */
function driverOf(micros: readonly number[]): AgentOptions['startChild'] {
  return (_, { message }) => {
    let load = 0
    return {
      pid: 1,
      send({ id, ask }) {
        if (ask === 'load') {
          load = id
          return message({ event: 'ready', with: null })
        }
        message({ id, answer: null })
        // After the agent has reported when it began.
        if (ask === 'begin') setImmediate(() => message({ id: load, answer: report(micros) }))
      },
      stop: () => {},
    }
  }
}

test('the merged histogram of drivers on three nodes is identical to one histogram of all their values', async () => {
  const random = seeded(19)
  // From a microsecond to an hour.
  const values = Array.from({ length: 30_000 }, () => Math.round(Math.exp(random() * 22)))
  const parts = [0, 1, 2].map((i) => values.filter((_, at) => at % 3 === i))
  await using beds = nodeBeds({
    launcher: framedLauncher(parts.map((own, i) => ({ name: `n${i}`, startChild: driverOf(own) }))),
    roles: { drivers: 3, backends: 0, target: 0 },
    maxSeconds: 60,
    signal: new AbortController().signal,
  })
  const { bed } = await beds.lease(placementOfOne)
  const { stages, lost, start } = await driveLoadFleet(bed.drivers, {
    load: {
      plan: {
        stages: [{ name: 'hold', seconds: 1, model: 'open', from: 30, to: 30 }],
        spacing: 'constant',
        ...{ journeys: [], data: {}, thresholds: [] },
      },
      ...{ url: 'http://10.0.0.9/', timeout: 1, connections: 3, maxInFlight: 30, seed: 1 },
    },
    signal: new AbortController().signal,
  })
  expect(lost).toEqual([])
  expect(stages[0]?.steps.get?.latency).toBe(encoded(values))
  expect(stages[0]?.lateness).toBe(encoded(values))
  expect(start).toMatchObject({ spreadMs: expect.any(Number), boundMs: expect.any(Number) })
})
