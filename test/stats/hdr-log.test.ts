import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decode, type Histogram, histogram } from '../../src/stats/histogram/histogram.ts'

/** Logs of the HdrHistogram project, which keep their own licence: read where they are, never copied. */
const folder = join(import.meta.dirname, '../../../shared/cases/hdr')
const absent = !existsSync(join(folder, 'expected.json'))

interface Vector {
  readonly file: string
  readonly interval?: readonly [number, number] | null
  readonly histograms: number
  readonly total_count: number
  readonly p?: Readonly<Record<string, number>>
  readonly max: number
  readonly min: number
  readonly mean_median_equivalent: number
  readonly stddev: number
  readonly tags?: Readonly<Record<string, { histograms: number; total: number }>>
}

interface Line {
  readonly tag: string
  readonly start: number
  readonly encoded: string
}

/** The interval lines of an HdrHistogram log; starts in seconds from the start of the log. */
function read(file: string): Line[] {
  const text = readFileSync(join(folder, file), 'utf8')
  const startTime = Number(/^#\[StartTime: ([\d.]+)/m.exec(text)?.[1] ?? 0)
  const yearSeconds = 365 * 24 * 3600
  return text
    .split(/\r?\n/)
    .filter((line) => /^(Tag=|\d)/.test(line))
    .map((line) => {
      const [, tag = '(none)', rest = ''] = /^(?:Tag=([^,]*),)?(.*)$/.exec(line) ?? []
      const [start = '', , , encoded = ''] = rest.split(',')
      // A time stamp more than a year before the start of the log is relative to it.
      const absolute = Number(start) >= startTime - yearSeconds
      return { tag, start: Number(start) - (absolute ? startTime : 0), encoded }
    })
}

function accumulate(lines: readonly Line[]): Histogram {
  const all = histogram()
  for (const { encoded } of lines) all.add(decode(encoded))
  return all
}

const vectors: readonly Vector[] = absent
  ? []
  : JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')).vectors.filter(
      ({ file }: Partial<Vector>) => file !== undefined,
    )

if (absent) {
  test.skip('public logs decode (skipped: the HdrHistogram logs are not beside this repository)')
}

describe.skipIf(absent)('public logs decode to what HdrHistogram itself reads', () => {
  test.for(vectors.filter(({ p }) => p !== undefined))('$file, seconds $interval', (vector) => {
    const [from, to] = vector.interval ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    const lines = read(vector.file).filter(({ start }) => start >= from && start <= to)
    expect(lines.length).toBe(vector.histograms)
    const all = accumulate(lines)
    expect(all.count).toBe(vector.total_count)
    expect(all.max).toBe(vector.max)
    expect(all.min).toBe(vector.min)
    for (const [percent, value] of Object.entries(vector.p ?? {})) {
      expect([percent, all.percentile(Number(percent))]).toEqual([percent, value])
    }
    expect(Math.abs(all.mean / vector.mean_median_equivalent - 1)).toBeLessThan(1e-6)
    expect(Math.abs(all.standardDeviation / vector.stddev - 1)).toBeLessThan(1e-6)
  })

  test.for(vectors.filter(({ tags }) => tags !== undefined))('$file, by tag', (vector) => {
    const lines = read(vector.file)
    const encodings = Object.entries(vector.tags ?? {}).map(([tag, { histograms, total }]) => {
      const tagged = lines.filter((line) => line.tag === tag)
      const all = accumulate(tagged)
      expect([tag, tagged.length, all.count]).toEqual([tag, histograms, total])
      return all.encode()
    })
    expect(new Set(encodings).size).toBe(1)
  })
})
