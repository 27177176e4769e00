import { basename } from 'node:path'
import { plural } from '../../src/kit/plural.ts'
import { percent, rounded } from '../../src/kit/units.ts'
import type { Summary } from '../../src/result/document.ts'
import type { ProfileSummary } from '../../src/result/schemas/profile.ts'
import type { TextTable } from '../layout/text-table.ts'

/** Frames of an arm, and of a diff, that a table shows. */
const shownFrames = 15

/** Units of the values of a profile. */
const profileUnits = { microseconds: 'µs', bytes: 'bytes' } as const

const kinds = { cpu: 'CPU', heap: 'Heap' } as const

/** The tables of a profile: the hottest frames of each arm, and the diff of two. */
export function profileTables(summary: ProfileSummary): TextTable[] {
  return [...summary.arms.map((arm) => hottest(summary, arm)), ...diffTables(summary)]
}

/** A line for each arm, with its hottest functions, and one for the diff: for the one screen of a result. */
export function profileLines(summary: ProfileSummary): string[] {
  const { kind, arms, diff } = summary
  const lines = arms.map(({ arm, frames, perRequest }) => {
    const hot = frames
      .slice(0, 3)
      .map(({ frame, self }) => `${frame.name} ${percent(self.center / perRequest.center)}`)
    return `${kinds[kind]}, ${arm}: ${hot.join(', ')}`
  })
  const found = diff?.frames.filter(isDifferent) ?? []
  const names = found.slice(0, 3).map(({ frame, self }) => `${frame.name} ${signed(self.center)}`)
  const more = found.length > 3 ? `, ${found.length - 3} more` : ''
  return [
    ...lines,
    ...(found.length === 0 || diff === undefined
      ? []
      : [
          `${diff.head} − ${diff.base}, ${profileUnits[summary.unit]}/req: ${names.join(', ')}${more}`,
        ]),
    ...missingProfiles(summary),
  ]
}

type DiffFrame = NonNullable<ProfileSummary['diff']>['frames'][number]

function isDifferent({ outcome }: DiffFrame): boolean {
  return outcome === 'better' || outcome === 'worse'
}

/** Arms without a profile, and why. */
export function missingProfiles({ missing }: ProfileSummary): string[] {
  return missing.map(({ arm, detail }) => `${arm}: no profile: ${detail}`)
}

type ProfiledArm = ProfileSummary['arms'][number]

function hottest({ kind, unit }: ProfileSummary, arm: ProfiledArm): TextTable {
  const shown = arm.frames.slice(0, shownFrames)
  const all = arm.perRequest.center
  const name = profileUnits[unit]
  return {
    title: `${kinds[kind]} profile of ${arm.arm}: ${interval(arm.perRequest)} ${name} per request`,
    head: ['function', 'self', `self ${name}/req`, `total ${name}/req`, 'where'],
    rows: shown.map(({ frame, self, total }) => [
      frame.name,
      all > 0 ? percent(self.center / all) : '–',
      interval(self),
      rounded(total.center),
      where(frame),
    ]),
    notes: [
      `Means of ${plural(arm.trials, 'trial')} with ${shareOf(arm.perRequest)}.${nativeNote(arm)}`,
      ...(arm.cpuPerRequest === undefined || kind !== 'cpu'
        ? []
        : [
            `CPU time of the process in the same trials, by the kernel: ${interval(arm.cpuPerRequest)} µs per request.`,
          ]),
      ...overheadNote(arm),
    ],
    dropOrder: [['where'], ['where', `total ${name}/req`]],
  }
}

/** Only V8 has such a frame. */
function nativeNote({ frames }: ProfiledArm): string {
  const isThere = frames.some(({ frame }) => frame.name === '(program)')
  return isThere
    ? ' (program) is native code and the kernel; time in which threads waited is left out.'
    : ''
}

function overheadNote({ overhead }: ProfiledArm): string[] {
  if (overhead === undefined) return []
  const { metric, ratio, outcome } = overhead
  const what = metric === 'cpuPerRequest' ? 'CPU per request' : 'throughput'
  const times = `× ${rounded(ratio.center)} (${rounded(ratio.low)} to ${rounded(ratio.high)})`
  const words = {
    same: 'within 5 %',
    better: 'lower than without it, which profiling cannot cause',
    worse: 'more than 5 %',
    inconclusive: 'whether it is within 5 % is not decided',
    'too few trials': 'too few trials to decide',
  }[outcome]
  return [
    `Overhead of profiling, ${plural(ratio.n, 'pair')} of trials: ${what} ${times}; ${words}.`,
  ]
}

function diffTables({ kind, unit, diff }: ProfileSummary): TextTable[] {
  if (diff === undefined) return []
  const name = profileUnits[unit]
  const shown = diff.frames.slice(0, shownFrames)
  const found = diff.frames.filter(isDifferent)
  const sum =
    diff.perRequest === undefined ? '' : `: ${signedInterval(diff.perRequest)} ${name} per request`
  return [
    {
      title: `${kinds[kind]} diff, ${diff.head} − ${diff.base}${sum}`,
      head: [
        'function',
        `self ${name}/req`,
        'base',
        'head',
        `total ${name}/req`,
        'where',
        'outcome',
      ],
      rows: shown.map((one) => [
        one.frame.name,
        signedInterval(one.self),
        rounded(one.base),
        rounded(one.head),
        signedInterval(one.total),
        where(one.frame),
        one.outcome,
      ]),
      notes: [
        diff.frames.some(({ outcome }) => outcome === 'too few trials')
          ? `${plural(diff.pairs, 'pair')} of trials are too few to decide: --trials 8.`
          : `${found.length} of ${plural(diff.tested, 'function')} that were tested ${found.length === 1 ? 'differs' : 'differ'}, by ${plural(diff.pairs, 'pair')} of trials (false discovery rate 5 %); of the others nothing can be said.`,
        'Inlining may move samples from a function to its caller: compare total as well.',
        ...(kind === 'cpu'
          ? [
              'Functions at one speed of the host, by those that do not differ; the sum in the title as it was measured.',
            ]
          : []),
      ],
      dropOrder: [
        ['where'],
        ['where', `total ${name}/req`],
        ['where', `total ${name}/req`, 'base', 'head'],
      ],
    },
  ]
}

function where({ file, line }: ProfiledArm['frames'][number]['frame']): string {
  return file === '' ? '' : line === 0 ? basename(file) : `${shortened(file)}:${line}`
}

/** The last folders of a path. */
function shortened(file: string): string {
  return file.split('/').slice(-2).join('/')
}

function interval({ center, low, high }: Summary): string {
  return `${rounded(center)} (${rounded(low)} to ${rounded(high)})`
}

function signedInterval({
  center,
  low,
  high,
}: {
  readonly center: number
  readonly low: number
  readonly high: number
}): string {
  return `${signed(center)} (${signed(low)} to ${signed(high)})`
}

function signed(value: number): string {
  return value > 0 ? `+${rounded(value)}` : rounded(value)
}

function shareOf({ interval: kind, confidence }: Summary): string {
  return kind === 'range' ? 'their range' : `${Math.round(confidence * 100)} % intervals`
}
