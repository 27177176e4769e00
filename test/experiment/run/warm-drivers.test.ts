import { expect, test } from 'vitest'
import type { DriverReport } from '../../../src/driver/driver.ts'
import type { DriverChannel } from '../../../src/driver/fleet/fleet-member.ts'
import { warmDrivers } from '../../../src/experiment/run/warm-drivers.ts'
import { place } from '../../../src/lab/cores.ts'
import type { Load } from '../../../src/plan/plan.ts'
import { histogram } from '../../../src/stats/histogram/histogram.ts'
import { arm, planOf } from '../../support/results/measurements.ts'

const counts = { ok: 1, non2xx: 0, errors: 0, timeouts: 0, dropped: 0 }
const report: DriverReport = {
  ...{ windowSeconds: 1, warmupSeconds: 0, steady: true, window: counts, total: counts },
  ...{ inFlight: { opened: 0, closed: 0 }, latency: histogram().encode(), meanSeconds: 0.1 },
  ...{ bins: [], errorKinds: {} },
}

/** The loads that each of three drivers got, in their order, when they were warmed for a plan with this rate. */
async function loadsAt(rate: number) {
  const loads: { readonly name: string; readonly load: Load }[] = []
  let driving = 0
  const driver = (name: string): DriverChannel => ({
    name,
    async call<Result>(handler: string, payload?: unknown) {
      if (handler !== 'drive') return undefined as Result
      expect(++driving).toBe(1)
      loads.push({ name, load: (payload as { readonly load: Load }).load })
      await new Promise(setImmediate)
      driving--
      return report as Result
    },
    on: () => () => {},
  })
  const own = arm('A')
  const options = {
    ...{ plan: planOf([own], { phases: ['latency'] }), arm: own, rate },
    placement: place({ cpus: [0, 1], cores: 1, drivers: 3 }),
    trial: { block: 0, arm: 'A', phase: 'latency', seed: 1 } as const,
    signal: new AbortController().signal,
  }
  const lab = {
    drivers: ['1', '2', '3'].map(driver),
    url: new URL('http://127.0.0.1:1/'),
    guard: <Result>(work: Promise<Result>) => work,
  }
  await warmDrivers(lab, options, { isElsewhere: false })
  return loads
}

test.for([
  [200, 3000],
  [6000, 6000],
])(
  'a plan with %i req/s: each driver alone sends as many requests, at %i req/s',
  async ([planned, sent]) => {
    const loads = await loadsAt(planned as number)
    expect(loads.map(({ name }) => name)).toEqual(['1', '2', '3'])
    for (const { load } of loads) {
      expect(load.arrivals?.rate).toBe(sent)
      expect(load.duration * (load.arrivals?.rate ?? 0)).toBeCloseTo(3000, 6)
      expect(load.warmup).toEqual({ least: 0, most: 0 })
      expect(load.driver).toBe('open-loop')
    }
  },
)
