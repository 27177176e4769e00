import type { LoadResult } from '../../../src/result/schemas/load.ts'
import { histogram } from '../../../src/stats/histogram/histogram.ts'

/** Encoded times of so many ms, each so many times. */
function times(ms: number, count: number): string {
  const recorded = histogram()
  if (count > 0) recorded.recordMany(ms * 1e3, count)
  return recorded.encode()
}

const step = (ok: number, failed: Record<string, number> = {}) => ({
  ...{ ok, failed, latency: times(5, ok) },
  checks: { 'status is 200': { passed: ok, failed: 0 }, 'time < 1ms': { passed: 0, failed: ok } },
})

/** The result of a load test: a ramp, a hold, and a stage of which a tenth was never sent. */
export function exampleLoadResult(): LoadResult {
  const stage = {
    ...{
      seconds: 10,
      model: 'open' as const,
      valid: true,
      cut: 0,
      notSent: {},
      lateness: times(0, 0),
    },
  }
  return {
    ...{ format: 'lb-load', version: 1, lb: '1.0.0', createdAt: '2026-01-02T03:04:05.000Z' },
    ...{ command: ['load', 'shop.yaml'], scenario: 'shop', target: 'http://127.0.0.1:8080/' },
    ...{ complete: true, seed: 1, timeScale: 1, spacing: 'poisson', seconds: 30.1, unfinished: 0 },
    host: {
      ...{
        cpuModel: 'CPU',
        cpus: 2,
        cpusAvailable: 2,
        memoryBytes: 1e9,
        os: 'Linux',
        kernel: '6.1',
      },
      ...{ node: '26.0.0', packages: {}, fingerprint: 'f' },
    },
    journeys: [{ name: 'browse', weight: 1 }],
    stages: [
      {
        ...stage,
        ...{
          name: 'ramp up',
          from: 0,
          to: 200,
          planned: 1000,
          sent: 1000,
          visits: 1000,
          finished: 1000,
        },
        steps: { list: step(1000) },
      },
      {
        ...stage,
        ...{
          name: 'hold',
          from: 200,
          to: 200,
          planned: 2000,
          sent: 2000,
          visits: 2000,
          finished: 2000,
        },
        steps: { list: step(2000), '=add': step(1999, { 'status 500': 1 }) },
      },
      {
        ...stage,
        ...{
          name: 'peak',
          from: 300,
          to: 300,
          planned: 3000,
          sent: 2700,
          visits: 2700,
          finished: 2700,
        },
        ...{ valid: false, notSent: { 'not-sent-too-many-in-flight': 300 } },
        steps: { list: step(2700) },
      },
    ],
    course: [
      {
        ...{ atMs: 10_000, ms: 10_000, stage: 0, planned: 100, sent: 100, ok: 1000, failed: 0 },
        ...{ checksFailed: 1000, p50: 0.005, p95: 0.005, p99: 0.005 },
      },
      {
        ...{ atMs: 20_000, ms: 10_000, stage: 1, planned: 200, sent: 200, ok: 3999, failed: 1 },
        ...{ checksFailed: 3999, p50: 0.005, p95: 0.005, p99: 0.005 },
      },
    ],
    metrics: {},
    drivers: { count: 1, busy: 0.2, stalled: 0, cpuSeconds: 3, lost: [] },
    thresholds: [
      {
        ...{ threshold: 'p99 < 1ms @ hold', outcome: 'fail', why: 'interval', unit: 's' },
        ...{ limit: 0.001, value: 0.005, low: 0.005, high: 0.005, confidence: 0.95, n: 4000 },
      },
    ],
    processes: [],
  }
}
