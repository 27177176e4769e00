import { expect, test } from 'vitest'
import { metricOf, metricsOf } from '../../../src/experiment/findings/metrics-of.ts'
import { metricNames } from '../../../src/result/metrics.ts'
import { measurement } from '../../support/results/measurements.ts'

test('throughput counts answers with success only, by the length of the window', () => {
  const failed = { non2xx: 500, errors: 7 }
  const { throughput } = metricsOf(measurement({ ok: 1000, failed, also: { windowSeconds: 2 } }))
  expect(throughput).toBe(500)
})

test('the CPU cost of a request is spread over all that were answered, whatever the answer', () => {
  const cpu = { target: 0.3, driver: 0.2, backends: 0.1 }
  const found = metricsOf(measurement({ ok: 900, failed: { non2xx: 100, errors: 1000 }, cpu }))
  expect(found.cpuPerRequest).toBeCloseTo(0.3e-3)
  expect(found.driverCpuPerRequest).toBeCloseTo(0.2e-3)
  expect(found.backendsCpuPerRequest).toBeCloseTo(0.1e-3)
  expect(found.cpuUsed).toBeCloseTo(0.3)
})

test('errors are a share of everything that was asked, dropped arrivals included', () => {
  const failed = { non2xx: 1, errors: 2, timeouts: 3, dropped: 4 }
  expect(metricsOf(measurement({ ok: 90, failed })).errorShare).toBeCloseTo(0.1)
})

test.for(['errors', 'timeouts', 'dropped'] as const)('%s are slower than any answer', (kind) => {
  // 100 answers of 1 ms and 20 failures: p90 lies among those, p50 at an answer.
  const found = metricsOf(measurement({ ok: 100, failed: { [kind]: 20 } }))
  expect(found.latencyP50).toBeCloseTo(0.001, 5)
  expect(found.latencyP90).toBeUndefined()
  expect(found.latencyP99).toBeUndefined()
})

test('failures push every percentile up, those that are still answers too', () => {
  const latencies = Array.from({ length: 100 }, (_, i) => (i + 1) * 10)
  const clean = metricsOf(measurement({ ok: 100, latencies }))
  const failing = metricsOf(measurement({ ok: 100, latencies, failed: { errors: 100 } }))
  expect(clean.latencyP50).toBeCloseTo(500e-6, 5)
  // The 100th of 200 is the slowest answer.
  expect(failing.latencyP50).toBeCloseTo(1000e-6, 5)
})

test('without an answer there is no latency and no cost of one', () => {
  const found = metricsOf(measurement({ ok: 0, failed: { errors: 5 } }))
  expect(found).toMatchObject({ throughput: 0, errorShare: 1 })
  for (const name of ['latencyP50', 'latencyP99', 'cpuPerRequest'] as const) {
    expect(found[name]).toBeUndefined()
  }
})

test('what runs without a process of the target has no cost of it', () => {
  const processes = measurement().processes.filter(({ role }) => role !== 'target')
  const found = metricsOf(measurement({ also: { processes } }))
  expect(found.cpuPerRequest).toBeUndefined()
  expect(found.rssMean).toBeUndefined()
  expect(found.driverCpuPerRequest).toBeDefined()
})

test('instructions are spread over all requests that they were counted for, warm-up included', () => {
  const plain = measurement({ ok: 1000 })
  const [target, ...others] = plain.processes as [(typeof plain.processes)[number]]
  // 2,000 from the first request to the last.
  const processes = [{ ...target, instructions: 4e8 }, ...others]
  const found = metricsOf(measurement({ ok: 1000, also: { processes } }))
  expect(found.instructionsPerRequest).toBe(200_000)
  expect(metricsOf(plain).instructionsPerRequest).toBeUndefined()
})

test('the mean is that of the requests that succeeded, and is missing where more than 1 in 100 failed', () => {
  const seen = (failed: number) => ({
    ...measurement({ ok: 990, failed: { non2xx: failed } }),
    meanSeconds: 0.5,
    okMeanSeconds: 0.02,
  })
  expect(metricsOf(seen(0)).latencyMean).toBe(0.02)
  expect(metricsOf(seen(10)).latencyMean).toBe(0.02)
  expect(metricsOf(seen(11))).not.toHaveProperty('latencyMean')
})

test('a response with another status than 2xx counts as slower than any', () => {
  const { latencyP50, latencyP90 } = metricsOf(measurement({ ok: 60, failed: { non2xx: 40 } }))
  expect(latencyP50).toBeCloseTo(0.001, 4)
  expect(latencyP90).toBeUndefined()
})

test('where no request finished there is no mean, no slowest and no fraction of failures', () => {
  const none = metricsOf(measurement({ ok: 0, latencies: [] }))
  expect(none).not.toHaveProperty('errorShare')
  expect(none).not.toHaveProperty('latencyMean')
  expect(none).not.toHaveProperty('latencyMax')
  expect(none.throughput).toBe(0)
  expect(metricsOf(measurement({ ok: 0, latencies: [], failed: { errors: 2 } })).errorShare).toBe(1)
})

test('one metric is that of all metrics, also of a trial that was read before', () => {
  const one = measurement({ ok: 2000, failed: { non2xx: 3 } })
  const all = metricsOf(one)
  expect(metricNames.map((name) => metricOf(one, name))).toEqual(
    metricNames.map((name) => all[name]),
  )
  expect(all.latencyP99).toBeCloseTo(0.001, 5)
  expect(metricOf({ ...one, latency: measurement({ ok: 0 }).latency }, 'latencyP99')).toBe(
    undefined,
  )
})
