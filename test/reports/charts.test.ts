import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { type Chart, logTicks } from '../../reports/charts/chart.ts'
import { draw } from '../../reports/charts/draw.ts'
import { endLabels } from '../../reports/charts/end-labels.ts'
import { chartsOf } from '../../reports/charts/index.ts'
import { colourOf, shownArms } from '../../reports/charts/shown-arms.ts'
import { control } from '../../reports/layout/palette.ts'
import { changeTitle } from '../../reports/sections/change-title.ts'
import { causeWords } from '../../reports/sections/slow.ts'
import { quantity, rounded } from '../../src/kit/units.ts'
import type { Arm } from '../../src/plan/plan.ts'
import type { Comparison, Measurement, ResultDocument } from '../../src/result/document.ts'
import { type MetricName, metricNames } from '../../src/result/metrics.ts'
import type { Slow, SlowCause } from '../../src/result/schemas/slow.ts'
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
    const [bound, over, first] = await said(chart('throughput'))
    expect(first).toMatch(/^round-robin ×1: 15,100 req\/s, 1\d,\d{3} to 1\d,\d{3}$/)
    expect(bound).toMatch(/^round-robin ×2: ≥ 21,100 req\/s/)
    expect(over).toMatch(/^round-robin ×8†: 18,600 req\/s/)
  })

  test('only what may be ranked is filled', async () => {
    const [drawing] = await draw([chart('throughput')], 'page')
    const bars = [...(drawing?.svg ?? '').matchAll(/<path class="datum"[^>]*>/g)].map(
      ([bar]) => bar,
    )
    expect(bars.map((bar) => /fill-opacity="0"/.test(bar))).toEqual([false, true, false, false])
  })

  test('the highest comes first, and the control last, in grey', async () => {
    const plan = structuredClone(example.plan)
    Object.assign(plan.arms[1] as object, { target: 'direct', algorithm: 'none' })
    const document = { ...example, plan }
    const names = chart('throughput', document).figures.rows.map(([name]) => name)
    expect(names).toEqual([
      'round-robin ×2',
      'round-robin ×8†',
      'round-robin ×1',
      'least-connections ×1',
    ])
    const colours = shownArms(document, 'capacity').map(({ colour }) => colour)
    expect(colours[1]).toBe(control.light)
    expect(colours.filter((colour) => colour === control.light)).toHaveLength(1)
  })

  test('the sentence names the best and the worst, as far as they differ', () => {
    expect(chart('throughput').finding).toMatch(
      /^Highest: round-robin ×2, ≥ 21,100 req\/s; lowest: least-connections ×1, 1\d,\d00 req\/s\.$/,
    )
  })
})

test.for(['invalid', 'valid'] as const)('an arm that is %s', (validity) => {
  const findings = structuredClone(example.findings)
  Object.assign(findings[0] as object, { validity })
  const charts = chartsOf({ ...example, findings, comparisons: [] })
  const named = charts.filter(({ figures }) =>
    figures.rows.some(([name]) => name?.startsWith('round-robin ×1')),
  )
  // The only arm with its number of cores: it is in every chart of arms, or in none.
  if (validity === 'invalid') expect(named).toEqual([])
  else expect(named.length).toBeGreaterThan(5)
})

test('an algorithm has its colour in every result, whatever it is compared with', () => {
  const [first, second] = example.plan.arms as [Arm, Arm]
  const colours = (arms: Arm[]) => {
    const document = { ...example, plan: { ...example.plan, arms } }
    return arms.map((arm) => colourOf(document, arm))
  }
  expect(colours([first, second])).toEqual(colours([second, first]).toReversed())
  expect(colours([first])).toEqual(colours([first, second]).slice(0, 1))
  const nginx = { ...first, target: 'nginx' }
  expect(new Set(colours([first, nginx, second]))).toHaveProperty('size', 3)
})

describe('changes', () => {
  const [compared] = example.comparisons as [Comparison]
  const against = (outcomes: Comparison['outcome'][]): ResultDocument => ({
    ...example,
    baseline: { file: 'results/base.json', createdAt: example.createdAt, lb: '0', differences: [] },
    comparisons: outcomes.map((outcome, i) => ({
      ...compared,
      ...{ arm: 'round-robin ×1', base: 'round-robin ×1', outcome },
      metric: metricNames[i] as MetricName,
    })),
  })

  test('with another run are counted in the title, and each is a mark with its interval', async () => {
    const one = chart('changes', against(['worse', 'inconclusive', 'worse', 'better']))
    expect(one.finding).toBe('base.json → this run: 2 worse, 1 better.')
    expect(await said(one)).toEqual([
      'throughput: −5.3 %, −7.3 % to −3.3 %: worse',
      'latency mean: −5.3 %, −7.3 % to −3.3 %: inconclusive',
      'latency p50: −5.3 %, −7.3 % to −3.3 %: worse',
      'latency p90: −5.3 %, −7.3 % to −3.3 %: better',
    ])
  })

  test.for([
    [['same', 'inconclusive', 'same'], '2 same, 1 inconclusive'],
    [['too few trials'], '1 too few trials'],
    [[], 'nothing could be compared'],
  ] as const)('of %j: %s', ([outcomes, counted]) => {
    expect(changeTitle(against([...outcomes]))).toBe(`base.json → this run: ${counted}`)
  })

  test('between the arms of a run have a chart for each base', () => {
    expect(chart('compared-with-round-robin-1').finding).toBe(
      'least-connections ×1: throughput −5.3 %, worse.',
    )
  })

  test.for([300, 480, 1040])('the widest interval ends at the edge, %d px wide', (width) => {
    const document = against(['inconclusive'])
    Object.assign(document.comparisons[0]?.ratio as object, { low: 1e-9, high: 1e9 })
    const { layer } = chart('changes', document).spec(width) as unknown as {
      layer: { encoding: { x: { scale?: { domain: number[] } } } }[]
    }
    expect(layer[0]?.encoding.x.scale?.domain).toEqual([0.25, 4])
  })
})

test('names at the ends of lines keep apart, and above the floor', () => {
  const ends = [50, 52, 100, 99].map((top, i) => ({ name: `${i}`, colour: '#000', top }))
  const tops = endLabels(ends, 100).map((layer) => {
    const { encoding } = layer as unknown as { encoding: { y: { value: number } } }
    return encoding.y.value
  })
  expect(tops).toEqual([50, 65, 85, 100])
})

describe('latency by percentile', () => {
  test('its marks are the estimates of the tables, with their intervals', async () => {
    const { latencyP99 } = example.findings[0]?.metrics ?? {}
    const marks = await said(chart('latency-at-saturation'))
    const p99 = marks.find((text) => text.startsWith('round-robin ×1: p99 '))
    const [center, low, high] = [latencyP99?.center, latencyP99?.low, latencyP99?.high].map(
      (seconds) => quantity(seconds ?? 0, 's'),
    )
    expect(p99).toBe(`round-robin ×1: p99 ${center}, ${low} to ${high}`)
  })

  test('a percentile without an estimate is that of a typical trial', () => {
    const findings = structuredClone(example.findings)
    for (const finding of findings) finding.metrics = {}
    const own = example.trials.filter(({ trial }) => trial.arm === 'round-robin ×1')
    const logs = own.map(({ latency }) => Math.log(decode(latency).percentile(90)))
    const typical = Math.exp(logs.reduce((sum, one) => sum + one, 0) / own.length)
    const [row = []] = chart('latency-at-saturation', { ...example, findings }).figures.rows
    expect(row[2]).toBe(rounded(typical / 1e3))
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
  test('measured and oversubscribed points say what they are', async () => {
    expect(await said(chart('scaling-round-robin'))).toEqual([
      expect.stringMatching(/^1 core: 15,100 req\/s/),
      expect.stringMatching(/^2 cores: at least 21,100 req\/s/),
      expect.stringMatching(/^8 cores†: 18,600 req\/s/),
    ])
  })

  test('a projection is a note, and no part of the axis', () => {
    const { caption, finding, spec } = chart('scaling-round-robin')
    expect(caption).toContain(
      'projected from the CPU time per request: 8 cores at most 123,000 req/s',
    )
    expect(finding).toBe('1 core: 15,100 req/s; 2 cores: at least 21,100 req/s.')
    const { layer } = spec(480) as unknown as {
      layer: { encoding: { y: { scale: { domain: number[] } } } }[]
    }
    expect(layer[0]?.encoding.y.scale.domain[1]).toBeLessThan(30_000)
  })

  test('no two kinds of points look alike', async () => {
    const [drawing] = await draw([chart('scaling-round-robin')], 'page')
    const marks = [...(drawing?.svg ?? '').matchAll(/<path class="datum"[^>]*>/g)].map(([mark]) =>
      mark.replace(/.*? d="/, '').replace(/stroke-width.*/, ''),
    )
    expect(new Set(marks).size).toBe(2)
    expect(marks[0]).toBe(marks[1])
  })

  test('the fit is drawn where there is one, and not beyond what was measured validly', async () => {
    const lines = async (document: ResultDocument) => {
      const { spec } = chart('scaling-round-robin', document)
      const layers = (
        spec(480) as unknown as {
          layer: { name?: string; data: { values: { cores: number }[] } }[]
        }
      ).layer
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

describe('the slowest requests', () => {
  const slow: Slow = {
    requests: { 'target-gc': 2, unexplained: 1, 'driver-late': 1 },
    stalls: {},
    slowest: [
      { at: 0.5, seconds: 0.04, cause: 'target-gc' },
      { at: 1.5, seconds: 0.03, cause: 'target-gc' },
      { at: 1.2, seconds: 0.02, cause: 'driver-late' },
      { at: 1.7, seconds: 0.01, cause: 'unexplained' },
    ],
    seen: [{ cause: 'target-gc', from: 0.49, until: 0.53 }],
  }
  const trials = structuredClone(example.trials)
  const own = trials.filter(({ trial }) => trial.arm === 'round-robin ×1')
  for (const one of own) one.slow = { ...slow, slowest: slow.slowest.slice(1) }
  Object.assign(own[1] as object, { slow })
  const document = { ...example, trials }

  test('are dots with their causes, which are bands in rows below', async () => {
    const one = chart('slowest-round-robin-1', document)
    expect(one.finding).toBe(
      '50 % garbage collection of the target, 25 % driver late without another cause, 25 % unexplained; the slowest took 40.0 ms.',
    )
    expect(await said(one)).toEqual([
      '0.50 s: 40.0 ms, garbage collection of the target',
      '1.50 s: 30.0 ms, garbage collection of the target',
      '1.20 s: 20.0 ms, driver late without another cause',
      '1.70 s: 10.0 ms, unexplained',
      'garbage collection of the target, 0.49 to 0.53 s',
      // A cause that meters do not place is drawn where its requests were.
      'driver late without another cause, 1.20 to 1.22 s',
      'unexplained, 1.70 to 1.71 s',
    ])
    expect(one.caption).toContain(`Of ${own.length} trials the one with the slowest.`)
    expect(one.figures.rows[0]).toEqual(['0.500 s', '40.0', 'garbage collection of the target'])
  })

  test.for([300, 480, 600])('have their rows within the window, %d px wide', async (width) => {
    const long: Slow = {
      ...slow,
      slowest: (Object.keys(causeWords) as SlowCause[]).map((cause, i) => ({
        ...{ at: i / 10, seconds: 0.01, cause },
      })),
    }
    const trial = { ...(own[1] as Measurement), slow: long }
    const one = chart('slowest-round-robin-1', { ...document, trials: [trial] })
    const [drawing] = await draw([one], 'page', width)
    expect(drawing?.width).toBeLessThanOrEqual(width + 1)
    // No word of the legend is cut.
    expect(drawing?.svg).not.toContain('…')
  })

  test.for([300, 480])('are below one another with other panels over time, %d px wide', (width) => {
    const names = ['slowest-round-robin-1', 'throughput-over-time', 'cpu-over-time']
    const edges = names.map((name) => {
      const text = JSON.stringify(chart(name, document).spec(width))
      return [/"minExtent":\d+/, /"width":\d+/].map((one) => one.exec(text)?.[0])
    })
    expect(edges[0]?.every((edge) => edge !== undefined)).toBe(true)
    expect(new Set(edges.map(String)).size).toBe(1)
  })

  test('are left out where no driver knows its requests', () => {
    const names = chartsOf(example).map(({ name }) => name)
    expect(names.filter((name) => name.startsWith('slowest'))).toEqual([])
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
