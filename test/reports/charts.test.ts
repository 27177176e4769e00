import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { type Chart, logTicks } from '../../reports/charts/chart.ts'
import { draw } from '../../reports/charts/draw.ts'
import { chartsOf } from '../../reports/charts/index.ts'
import { quantity } from '../../src/kit/units.ts'
import type { Measurement, ResultDocument } from '../../src/result/document.ts'
import { decode, histogram } from '../../src/stats/histogram/histogram.ts'
import { exampleResult } from '../support/results/example-result.ts'

const example = exampleResult()

function chart(name: string, document: ResultDocument = example): Chart {
  const found = chartsOf(document).find((one) => one.name === name)
  if (found === undefined) throw new Error(`no chart ${name}`)
  return found
}

/** What the marks of a drawn chart say. */
async function said(one: Chart): Promise<string[]> {
  const [drawing] = await draw([one], 'page')
  return [...(drawing?.svg ?? '').matchAll(/class="datum"[^>]*? aria-label="([^"]*)"/g)].map(
    ([, text = '']) => text,
  )
}

/** The first series of every finding, with a fitted law and as many points as it needs. */
function fitted(): ResultDocument {
  const curves = structuredClone(example.curves)
  for (const curve of curves) {
    curve.fit = {
      lambda: { estimate: 15_000 },
      sigma: { estimate: 0.1 },
      kappa: { estimate: 0.01 },
      boundary: [],
      warnings: [],
    }
  }
  return { ...example, curves }
}

test('Vega-Lite finds nothing to warn about in any chart', async () => {
  const warn = vi.spyOn(console, 'warn')
  const drawings = await draw([...chartsOf(example), ...chartsOf(fitted())], 'file')
  expect(drawings.length).toBeGreaterThan(10)
  expect(warn.mock.calls).toEqual([])
})

test('charts have names of their own, that fit a file', () => {
  const names = chartsOf(example).map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
})

test('only one module may load the chart library', () => {
  const folder = join(import.meta.dirname, '../../reports')
  const loading = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .filter((name) =>
      /import\('vega|^import (?!type).*'vega/m.test(readFileSync(join(folder, name), 'utf8')),
    )
  expect(loading).toEqual([join('charts', 'draw.ts')])
})

test.for([
  [0.15, 30, [0.2, 0.5, 1, 2, 5, 10, 20]],
  [1.2, 6.9, [1.5, 2, 3, 4, 5]],
] as const)('a log axis from %f to %f has round ticks', ([low, high, ticks]) => {
  expect(logTicks(low, high)).toEqual(ticks)
})

test('a figure in a mark is not cut like a coordinate', async () => {
  const findings = structuredClone(example.findings)
  Object.assign(findings[0]?.metrics.throughput as object, { center: 0.012_34, low: 0, high: 1 })
  expect(await said(chart('throughput', { ...example, findings }))).toContain(
    'round-robin ×1: 0.0123 req/s, 0 to 1',
  )
})

describe('throughput', () => {
  test('each mark says its figure, its edges and whether it is a bound', async () => {
    const [first, , bound, over] = await said(chart('throughput'))
    expect(first).toMatch(/^round-robin ×1: 15,100 req\/s, 1\d,\d{3} to 1\d,\d{3}$/)
    expect(bound).toMatch(/^round-robin ×2: ≥ 21,100 req\/s/)
    expect(over).toMatch(/^round-robin ×8†: 18,600 req\/s/)
  })

  test('only what may be ranked is filled', async () => {
    const [drawing] = await draw([chart('throughput')], 'page')
    const bars = [...(drawing?.svg ?? '').matchAll(/<path class="datum"[^>]*>/g)].map(
      ([bar]) => bar,
    )
    expect(bars.map((bar) => /fill-opacity="0"/.test(bar))).toEqual([false, false, false, true])
  })
})

describe('latency by percentile', () => {
  test('its marks are the percentiles of the merged histogram, with those of the trials', async () => {
    const { latencyP99 } = example.findings[0]?.metrics ?? {}
    const marks = await said(chart('latency-at-saturation'))
    const p99 = marks.find((text) => text.startsWith('round-robin ×1: p99 '))
    const merged = decode(example.findings[0]?.latency ?? '').percentile(99) / 1e6
    const edges = [latencyP99?.low, latencyP99?.high].map((edge) => quantity(edge ?? 0, 's'))
    expect(p99).toBe(`round-robin ×1: p99 ${quantity(merged, 's')}, ${edges.join(' to ')}`)
  })

  test('a line ends where fewer than 10 requests are left', () => {
    // The merged histogram has 5 × 2,000 requests: 10 lie beyond p99.9.
    const [row = []] = chart('latency-at-saturation').figures.rows
    expect(row.slice(4)).toEqual([expect.stringMatching(/^\d/), '–', '–'])
  })

  test('a failed request is slower than any: where they begin the line ends', () => {
    const trials = structuredClone(example.trials)
    // As many as were answered in each histogram: p50 is the slowest answer, p90 is none.
    for (const { window } of trials) window.timeouts = 2_000
    const [row = []] = chart('latency-at-saturation', { ...example, trials }).figures.rows
    expect(row[1]).not.toBe('–')
    expect(row.slice(2)).toEqual(['–', '–', '–', '–', '–'])
  })
})

describe('scaling', () => {
  test('measured, oversubscribed and projected points say what they are', async () => {
    expect(await said(chart('scaling-round-robin'))).toEqual([
      expect.stringMatching(/^1 core: 15,100 req\/s/),
      expect.stringMatching(/^2 cores: at least 21,100 req\/s/),
      expect.stringMatching(/^8 cores†: 18,600 req\/s/),
      '8 cores, projected: at most 123,000 req/s',
    ])
  })

  test('no two kinds of points look alike', async () => {
    const [drawing] = await draw([chart('scaling-round-robin')], 'page')
    const marks = [...(drawing?.svg ?? '').matchAll(/<path class="datum"[^>]*>/g)].map(([mark]) =>
      mark.replace(/.*? d="/, '').replace(/stroke-width.*/, ''),
    )
    expect(new Set(marks).size).toBe(3)
    expect(marks[0]).toBe(marks[1])
  })

  test('the fit is drawn where there is one, and not beyond what was measured validly', async () => {
    const lines = async (document: ResultDocument) => {
      const { spec } = chart('scaling-round-robin', document)
      const layers = (spec as { layer: { name?: string; data: { values: { cores: number }[] } }[] })
        .layer
      return layers
        .filter(({ name }) => name === 'fit')
        .map(({ data }) => data.values.at(-1)?.cores)
    }
    expect(await lines(example)).toEqual([])
    expect(await lines(fitted())).toEqual([2])
  })
})

test('CPU and memory have a mark for each process of each arm', async () => {
  for (const name of ['cpu', 'memory']) {
    const marks = await said(chart(name))
    expect(marks).toHaveLength(4 * 3)
  }
  expect((await said(chart('cpu')))[0]).toBe(
    'round-robin ×1, target: 65.0 µs of CPU per request, 30 % of it in the kernel; 98 % of its CPUs',
  )
})

describe('CPU and memory over time', () => {
  const course = (at: number[], cpuSeconds: number[], rssBytes: number[]) => ({
    ...{ at, cpuSeconds, rssBytes },
  })
  const withCourses = (...courses: ReturnType<typeof course>[]) => {
    const trials = structuredClone(example.trials).slice(0, courses.length)
    for (const [i, one] of trials.entries()) {
      one.trial.arm = 'round-robin ×1'
      one.processes = one.processes.slice(0, 1).map((cost) => ({ ...cost, timeline: courses[i] }))
    }
    return { ...example, trials: trials as Measurement[] }
  }

  test('a mark says what a process used between two readings, and held at each', async () => {
    const document = withCourses(
      course([0, 0.2, 0.4, 0.41], [0, 0.1, 0.3, 0.31], [2 ** 20, 2 ** 21, 2 ** 20, 2 ** 22]),
    )
    // The last reading follows too soon for a share of a CPU.
    expect(await said(chart('cpu-over-time', document))).toEqual([
      'round-robin ×1, target, 0.1 s: 0.500 CPUs',
      'round-robin ×1, target, 0.3 s: 1.00 CPUs',
    ])
    expect((await said(chart('memory-over-time', document)))[1]).toBe(
      'round-robin ×1, target, 0.2 s: 2.00 MiB',
    )
    expect(chart('memory-over-time', document).figures.rows).toEqual([
      ['round-robin ×1', 'target', '1.00', '1.00', '4.00', '4.00'],
    ])
  })

  test('of several trials it is the middle, though no two were read at one time', async () => {
    const document = withCourses(
      course([0, 0.2, 0.4], [0, 0.02, 0.04], [1, 1, 1]),
      course([0, 0.21, 0.41], [0, 0.105, 0.205], [1, 1, 1]),
      course([0, 0.19, 0.39], [0, 0.19, 0.39], [1, 1, 1]),
    )
    expect(await said(chart('cpu-over-time', document))).toEqual([
      'round-robin ×1, target, 0.1 s: 0.500 CPUs',
      'round-robin ×1, target, 0.3 s: 0.500 CPUs',
    ])
  })

  test('a result of before there were readings has no such chart', () => {
    const trials = structuredClone(example.trials)
    for (const { processes } of trials) for (const cost of processes) delete cost.timeline
    const names = chartsOf({ ...example, trials }).map(({ name }) => name)
    expect(names).not.toContain('cpu-over-time')
    expect(names).not.toContain('memory-over-time')
  })
})

describe('shares of the backends', () => {
  test('the ideal is equal for an algorithm that knows no weights, and by weight for one that does', () => {
    const plan = structuredClone(example.plan)
    Object.assign(plan.arms[1] as object, { algorithm: 'weighted' })
    const { rows } = chart('shares', { ...example, plan }).figures
    expect(rows.slice(0, 3).map((row) => row.at(-1))).toEqual(['33 %', '33 %', '33 %'])
    expect(rows.slice(3, 6).map((row) => row.at(-1))).toEqual(['71 %', '14 %', '14 %'])
  })

  test('bars lie alike beside the name of each arm, whatever its backends are called', async () => {
    const plan = structuredClone(example.plan)
    Object.assign(plan.arms[1] as object, { algorithm: 'weighted' })
    const [drawing] = await draw([chart('shares', { ...example, plan })], 'page')
    const bars = [...(drawing?.svg ?? '').matchAll(/class="datum"[^>]*? d="M[\d.]+,([\d.]+)/g)]
    const tops = bars.map(([, top]) => Number(top))
    const between = tops.slice(3).map((top, i) => top - (tops[i] as number))
    expect(between.length).toBeGreaterThanOrEqual(3)
    for (const distance of between) expect(distance).toBeCloseTo(between[0] as number, 1)
  })

  test('what balances nothing has no shares', () => {
    const plan = structuredClone(example.plan)
    Object.assign(plan.arms[0] as object, { algorithm: 'none' })
    expect(chart('shares', { ...example, plan }).figures.rows).toHaveLength(3 * 3)
  })
})

describe('throughput over time', () => {
  const bins = (count: number, rate: number) => Array.from({ length: count }, () => rate)

  test('trials are laid over one another by the opening of their window', () => {
    const trials = structuredClone(example.trials).slice(0, 2) as [Measurement, Measurement]
    for (const one of trials) one.trial.arm = 'round-robin ×1'
    // 1 s and 1.5 s of warm-up at 10 a bin, then a window of 2 s at 100 a bin.
    Object.assign(trials[0], { warmupSeconds: 1, bins: [...bins(10, 10), ...bins(20, 100)] })
    Object.assign(trials[1], { warmupSeconds: 1.5, bins: [...bins(15, 10), ...bins(20, 100)] })
    const { rows } = chart('throughput-over-time', { ...example, trials }).figures
    expect(rows).toEqual([['round-robin ×1', '100', '1,000', '1,000', '1,000']])
  })

  test('what comes after the window is left out, since it is not whole', async () => {
    const trials = structuredClone(example.trials).slice(0, 1)
    const [one] = trials as [Measurement]
    Object.assign(one, { warmupSeconds: 1.04, bins: [...bins(30, 100), 3] })
    const marks = await said(chart('throughput-over-time', { ...example, trials }))
    expect(marks).toHaveLength(30)
    expect(marks.at(-1)).toBe('round-robin ×1, 1.95 s: 1,000 req/s')
  })
})

describe('latency against load', () => {
  const at = (rate: number, seconds: number): Measurement => {
    const latency = histogram()
    for (let i = 0; i < 2_000; i++) latency.record(seconds * 1e6)
    const [first] = structuredClone(example.trials) as [Measurement]
    return {
      ...first,
      trial: { ...first.trial, phase: 'latency' },
      rate,
      latency: latency.encode(),
    }
  }
  const found = { ...structuredClone(example.findings[0]), phase: 'latency' }
  const findings = [found] as ResultDocument['findings']

  test('is drawn where an arm met several rates, from the lowest up', () => {
    const trials = [at(9_000, 0.008), at(1_000, 0.001), at(9_000, 0.008)]
    const { rows } = chart('latency-against-load', { ...example, findings, trials }).figures
    expect(rows).toEqual([
      ['round-robin ×1', '1,000 req/s', '1.00', '1.00'],
      ['round-robin ×1', '9,000 req/s', '8.00', '8.00'],
    ])
  })

  test('is left out where there was one rate', () => {
    const trials = [at(9_000, 0.008)]
    const names = chartsOf({ ...example, findings, trials }).map(({ name }) => name)
    expect(names).not.toContain('latency-against-load')
  })
})
