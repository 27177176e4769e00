import { plural } from '../../src/kit/plural.ts'
import { partPercent, percent, quantity } from '../../src/kit/units.ts'
import { distinctReasons } from '../../src/result/distinct-reasons.ts'
import type { Measurement, ResultDocument } from '../../src/result/document.ts'
import type { Reason, ReasonCode, ReasonValues } from '../../src/result/reason.ts'
import { reasonLines } from './reasons.ts'
import { incomparableLines } from './warnings.ts'

/** Everything of a run that has one cause, as one warning. */
export interface Cause {
  readonly name: CauseName
  /** A clause without a full stop: `machine busy: 10 of 21 trials discarded; …`. */
  readonly words: string
  /** What to do about it, as a clause; empty where nothing can be done. */
  readonly advice: string
  /** Whether figures must not be relied on; otherwise the cause qualifies them. */
  readonly isSerious: boolean
}

/** The causes, from the one that explains the others to the one that is explained by them: a trial counts for the first. */
const causeNames = [
  'failures',
  'machine',
  'driver',
  'inconsistent',
  'unsteady',
  'percentiles',
  'run',
  'comparability',
] as const

/** Names a cause. */
type CauseName = (typeof causeNames)[number]

/** The cause that a reason belongs to. A code that is not here is a warning of its own. */
const causeOf: Partial<Record<ReasonCode, CauseName | 'detail'>> = {
  'no-success': 'failures',
  'requests-failed': 'failures',

  'run-queue-wait': 'machine',
  'timer-jitter': 'machine',
  'cpu-stolen': 'machine',
  throttled: 'machine',
  swapped: 'machine',
  'host-speed-varied': 'machine',
  'cpu-contended': 'machine',
  'waited-for-cpu': 'machine',
  'other-programs': 'machine',
  'driver-preempted': 'machine',
  'driver-stalled': 'machine',

  'driver-saturated': 'driver',
  'driver-late': 'driver',
  'driver-late-at-tail': 'driver',
  'rate-lowered': 'driver',

  'littles-law': 'inconsistent',
  'requests-not-conserved': 'inconsistent',
  'cpu-accounting': 'inconsistent',
  'target-starved-others': 'inconsistent',

  'throughput-unsteady': 'unsteady',
  'queue-grew': 'unsteady',

  'too-few-requests': 'percentiles',
  'percentile-failed': 'percentiles',

  interrupted: 'run',
  'run-failed': 'run',
  'out-of-time': 'run',

  // What the figures themselves show (±, no bar, the next step), or what only the whole report needs.
  'trials-discarded': 'detail',
  'too-few-trials': 'detail',
  'percentile-uneven': 'detail',
  'too-few-pairs': 'detail',
  'too-few-trials-per-side': 'detail',
  'yardstick-not-equal': 'detail',
  'yardstick-one-arm-idle': 'detail',
  'no-upper-bound': 'detail',
  superlinear: 'detail',
  'fit-exact': 'detail',
  'fit-provisional': 'detail',
  'fit-on-bound': 'detail',
  'cores-beyond-host': 'detail',
  'too-few-core-counts': 'detail',
  'instructions-not-counted': 'detail',
  'source-build': 'detail',
  'hosts-not-watched': 'detail',
  'nodes-partly-watched': 'detail',
  'whole-window-with-faults': 'detail',
  'faults-seen-once': 'detail',
  'values-hidden': 'detail',
  'witness-agrees': 'detail',
}

/** The warnings of a run by cause, each once, with the trials that it concerns; the serious ones first. */
export function causesOf(document: ResultDocument): Cause[] {
  return grouped([...document.trials.flatMap(ofTrial), ...ofRun(document)], document.trials.length)
}

/** What disturbed some trials, of a run that may be under way. */
export function trialCauses(trials: readonly Measurement[]): Cause[] {
  return grouped(trials.flatMap(ofTrial), trials.length)
}

function grouped(evidence: readonly Evidence[], trials: number): Cause[] {
  const found = Map.groupBy(
    evidence.filter(({ cause }) => cause !== 'detail'),
    ({ cause }) => cause as CauseName,
  )
  const causes = causeNames.flatMap((name) => {
    const own = found.get(name)
    return own === undefined ? [] : [causeFrom(name, own, trials)]
  })
  return causes
    .filter(({ words }) => words !== '')
    .toSorted((a, b) => Number(b.isSerious) - Number(a.isSerious))
}

/** A reason with its cause, and with the trial that has it. */
interface Evidence {
  readonly cause: CauseName | 'detail'
  readonly reason: Reason
  readonly trial?: Measurement
  /** The words of reasons that name their target. */
  readonly line?: string
}

/** What concerns no single trial: estimates, comparisons, targets, the run. */
function ofRun(document: ResultDocument): Evidence[] {
  const { findings, warnings, baseline, targets = [], comparisons } = document
  const estimates = findings.flatMap(({ notes, metrics }) => [
    ...notes,
    ...Object.entries(metrics).flatMap(([, summary]) => summary.warnings),
  ])
  const ratios = comparisons.flatMap(({ ratio }) => ratio.warnings)
  return [
    ...distinctReasons([...estimates, ...ratios, ...warnings]).map((reason) => ({
      cause: causeOf[reason.code] ?? ('comparability' as const),
      reason,
    })),
    ...(baseline?.differences ?? []).map((reason) => ({
      cause: 'comparability' as const,
      reason,
      line: `compared by --force, although ${reasonLines([reason])}`,
    })),
    ...targets.flatMap((one) =>
      incomparableLines(one).map((line) => ({
        cause: 'comparability' as const,
        reason: { code: 'version-1-text' as const, values: { text: line } },
        line,
      })),
    ),
  ]
}

/** The reasons of a trial, all under the cause that explains the others. */
function ofTrial(trial: Measurement): Evidence[] {
  const { reason, reasons } = trial.verdict
  // A bottleneck of the host has its figures in the reason of the verdict.
  const all = causeOf[reason.code] === 'machine' ? [...reasons, reason] : reasons
  const own = all.flatMap(({ code }) => causeOf[code] ?? 'comparability')
  const cause = causeNames.find((name) => own.includes(name))
  return cause === undefined ? [] : all.map((one) => ({ cause, reason: one, trial }))
}

function causeFrom(name: CauseName, evidence: readonly Evidence[], measured: number): Cause {
  const trials = new Set(evidence.flatMap(({ trial }) => trial ?? []))
  const discarded = [...trials].filter(({ verdict }) => !verdict.valid).length
  const own = evidence.filter(({ reason }) => (causeOf[reason.code] ?? 'comparability') === name)
  const { title, facts, advice } = wordings[name]
  const reasons = own.map(({ reason }) => reason)
  const counted = countWords(trials.size, discarded, measured)
  const found = facts(
    reasons,
    own.flatMap(({ line }) => line ?? []),
  )
  return {
    name,
    words: causeSentence(title(reasons), counted, found),
    advice: typeof advice === 'string' ? advice : advice(reasons),
    isSerious:
      name === 'failures' ||
      (name === 'comparability' && own.some(({ line }) => line !== undefined)) ||
      (name === 'run' && own.some(({ reason }) => reason.code !== 'out-of-time')) ||
      (discarded > 0 && discarded * 4 >= measured),
  }
}

/** `machine busy: 9 of 21 trials; …`; without a title the facts come first: `scheduling jitter up to 8.43 ms (9 of 21 trials)`. */
function causeSentence(title: string, counted: string, facts: readonly string[]): string {
  const parts = (...all: readonly string[]) => all.filter((part) => part !== '').join('; ')
  if (title !== '')
    return [title, parts(counted, ...facts)].filter((part) => part !== '').join(': ')
  const words = parts(...facts)
  return words === '' || counted === '' ? `${words}${counted}` : `${words} (${counted})`
}

/** `10 of 21 trials discarded`, `9 of 21 trials`; empty for what is not of trials. */
function countWords(concerned: number, discarded: number, trials: number): string {
  if (concerned === 0) return ''
  const of = `of ${plural(trials, 'trial')}`
  if (discarded === 0) return `${concerned} ${of}`
  const others = concerned - discarded
  return `${discarded} ${of} discarded${others > 0 ? `, ${others} more disturbed` : ''}`
}

/** Whether every request without a response is one that the driver did not send. */
function noneSent(reasons: readonly Reason[]): boolean {
  const failed = valuesOf(reasons, 'requests-failed')
  return failed.length === reasons.length && failed.every((one) => one.dropped === one.failed)
}

interface CauseWording {
  title(reasons: readonly Reason[]): string
  /** The evidence in at most two clauses, with the largest figures. */
  facts(reasons: readonly Reason[], lines: readonly string[]): string[]
  readonly advice: string | ((reasons: readonly Reason[]) => string)
}

const wordings: Readonly<Record<CauseName, CauseWording>> = {
  failures: {
    title: (reasons) => (noneSent(reasons) ? 'requests not sent' : 'requests failed'),
    facts: (reasons) => {
      const shares = [
        ...valuesOf(reasons, 'requests-failed').map(({ failed, requests }) => failed / requests),
        ...valuesOf(reasons, 'no-success').map(() => 1),
      ]
      return [`up to ${partPercent(Math.max(...shares))} of a trial’s requests`]
    },
    advice: (reasons) =>
      noneSent(reasons)
        ? 'too many were in flight: lower --rate'
        : 'see the log of the target, or load it less',
  },
  machine: {
    title: (reasons) => (reasons.every(({ code }) => speeds.includes(code)) ? '' : 'machine busy'),
    facts: (reasons) => machineFacts(reasons).slice(0, 2),
    advice: 'stop other programs, or use another machine (lb selftest checks it)',
  },
  driver: {
    title: () => 'driver late',
    facts: driverFacts,
    advice: 'lower --rate, or give the driver a CPU of its own',
  },
  inconsistent: {
    title: () => 'counts inconsistent',
    facts: (reasons) => reasonLines(reasons).slice(0, 1),
    advice: 'run it again; if it stays, report it',
  },
  unsteady: {
    title: () => 'throughput not steady',
    facts: (reasons) => reasonLines(reasons).filter((line) => !line.startsWith('throughput')),
    advice: 'raise --warmup',
  },
  percentiles: {
    title: () => '',
    facts: (reasons) => reasonLines(reasons.filter(isShown)),
    advice: 'raise --duration',
  },
  run: { title: () => '', facts: (reasons) => reasonLines(reasons), advice: '' },
  comparability: {
    title: () => '',
    facts: (reasons, lines) => [
      ...lines,
      ...reasonLines(reasons.filter(({ code }) => lines.length === 0 || code !== 'version-1-text')),
    ],
    advice: '',
  },
}

/** Signs of a machine whose speed varies, which need not be busy. */
const speeds: readonly ReasonCode[] = ['host-speed-varied', 'timer-jitter']

/** p99.9 is in no table of the screen. */
function isShown({ values }: Reason): boolean {
  return !('metric' in values && values.metric === 'latencyP999')
}

/** A figure of a reason, and the node that it is of; without one it is of this host. */
interface Figure {
  readonly value: number
  readonly node?: string | undefined
}

function machineFacts(reasons: readonly Reason[]): string[] {
  const waits: Figure[] = [
    ...valuesOf(reasons, 'run-queue-wait').map(({ waitShare: value, node }) => ({ value, node })),
    ...[...valuesOf(reasons, 'waited-for-cpu'), ...valuesOf(reasons, 'cpu-contended')].map(
      ({ waitShare: value }) => ({ value }),
    ),
  ]
  const figures: readonly (readonly [
    readonly Figure[],
    words: (most: number, onNode: string) => string,
  ])[] = [
    [
      waits,
      (most, onNode) => `a process waited for a CPU${onNode} up to ${percent(most)} of the time`,
    ],
    [
      valuesOf(reasons, 'other-programs').map(({ usedShare: value }) => ({ value })),
      (most) => `other programs used up to ${percent(most)} of the CPUs`,
    ],
    [
      valuesOf(reasons, 'cpu-stolen').map(({ share: value, node }) => ({ value, node })),
      (most, onNode) => `the hypervisor took up to ${percent(most)} of the CPU time${onNode}`,
    ],
    [
      valuesOf(reasons, 'throttled').map(({ seconds: value, node }) => ({ value, node })),
      (most, onNode) =>
        `a CPU quota stopped the processes${onNode} for up to ${quantity(most, 's')}`,
    ],
    [
      valuesOf(reasons, 'swapped').map(({ pages: value, node }) => ({ value, node })),
      (most, onNode) => `the host swapped up to ${most} pages${onNode}`,
    ],
    [
      valuesOf(reasons, 'timer-jitter').map(({ p999Seconds: value }) => ({ value })),
      (most) => `scheduling jitter up to ${quantity(most, 's')}, so p99 partly reflects it`,
    ],
    [
      valuesOf(reasons, 'host-speed-varied').map(({ factor: value }) => ({ value })),
      (most) => `CPU speed varied up to ${most.toPrecision(2)}× between trials`,
    ],
  ]
  return figures.flatMap(([found, words]) => {
    const [largest] = found.toSorted((a, b) => b.value - a.value)
    if (largest === undefined) return []
    const { value, node } = largest
    return [words(value, node === undefined ? '' : ` on ${node}`)]
  })
}

function driverFacts(reasons: readonly Reason[]): string[] {
  const late = valuesOf(reasons, 'driver-late').map(({ p50Seconds }) => p50Seconds)
  const tail = valuesOf(reasons, 'driver-late-at-tail').map(({ p99Seconds }) => p99Seconds)
  const lowered = reasons.filter(({ code }) => code === 'rate-lowered')
  return [
    ...(late.length === 0
      ? []
      : [`median send delay up to ${quantity(Math.max(...late), 's')}: latencies reflect it`]),
    ...(tail.length === 0
      ? []
      : [
          `1 % of the requests left up to ${quantity(Math.max(...tail), 's')} late, so p99 partly reflects the driver`,
        ]),
    ...reasonLines(lowered),
  ].slice(0, 2)
}

/** The values of all reasons of a code. */
function valuesOf<Code extends ReasonCode>(
  reasons: readonly Reason[],
  code: Code,
): ReasonValues<Code>[] {
  // The code decides on the type of the values, which a filter cannot express.
  return reasons
    .filter((one) => one.code === code)
    .map(({ values }) => values as ReasonValues<Code>)
}
