import { percent, quantity, rounded, scaled, scaleFor } from '../../../src/kit/units.ts'
import type { ChoiceDocument } from '../../../src/result/choice.ts'
import type {
  Confirmation,
  ConfirmedArm,
  ConfirmedPair,
  NotConfirmed,
} from '../../../src/result/schemas/confirmation.ts'
import type { TextTable } from '../../layout/text-table.ts'

/** First line of every report: whether anything was measured, and whether it agrees. */
export function choiceMark({ confirmation, notConfirmed }: ChoiceDocument): string {
  if (confirmation !== undefined) return markOf(confirmation)
  return `SIMULATED, NOT CONFIRMED: ${whyNot(notConfirmed)}`
}

function markOf({ outcome, complete, scale, arms }: Confirmation): string {
  switch (outcome) {
    case 'confirmed':
      return `SIMULATED, CONFIRMED on real processes${isFullScale(scale) ? '' : ' at another scale'}.`
    case 'contradicted':
      return 'SIMULATED, CONTRADICTED by real processes: both results are below.'
    case 'not decided':
      if (!complete) return 'SIMULATED, NOT CONFIRMED: the run on real processes ended early.'
      return limitedArms(arms).length === 0
        ? 'SIMULATED, NOT CONFIRMED: the trials on real processes do not decide.'
        : 'SIMULATED, NOT CONFIRMED: the driver or the host limited the trials on real processes.'
  }
}

/** Algorithms whose trials were limited by the driver or the host. */
function limitedArms(arms: readonly ConfirmedArm[]): string[] {
  return arms
    .filter(({ bottleneck }) => bottleneck === 'driver' || bottleneck === 'host')
    .map(({ name }) => name)
}

function isFullScale({ backends, ofBackends, time }: Confirmation['scale']): boolean {
  return backends === ofBackends && time === 1
}

const nothingMeasured = 'no process was started, and nothing was measured.'

function whyNot({ code, detail }: NotConfirmed = { code: 'not requested' }): string {
  switch (code) {
    case 'not requested':
      return nothingMeasured
    case 'no result':
      return `no request succeeded; ${nothingMeasured}`
    case 'too few algorithms':
      return `fewer than two of the algorithms can be compared on real processes; ${nothingMeasured}`
    case 'faults':
      return `scenarios with faults are simulated only; ${nothingMeasured}`
    case 'overload':
      return `a load that the backends cannot serve is simulated only; ${nothingMeasured}`
    case 'interrupted':
      return 'the run on real processes was interrupted before its first trial was over.'
    case 'failed':
      return `the run on real processes failed: ${detail ?? ''}`
  }
}

/** What real processes showed, in sentences; none without a confirmation. */
export function confirmationSentences({ confirmation }: ChoiceDocument): string[] {
  if (confirmation === undefined) return []
  const { base, pairs, leftOut } = confirmation
  return [
    ...pairs.map((pair) => pairSentence(pair, confirmation)),
    ...(leftOut.length === 0
      ? []
      : [
          `Not run on real processes: ${leftOut.join(', ')}, since all requests of the driver have one key. ${base} is the best of the others.`,
        ]),
  ]
}

function pairSentence(
  { name, measured, simulated, outcome }: ConfirmedPair,
  { base, metric }: Confirmation,
): string {
  if (measured === undefined) {
    return `On real processes ${name} could not be compared with ${base}: too few valid trials.`
  }
  const { center, low, high } = measured.ratio
  const ratio = `the ${metric} of ${name} is ${rounded(center)} times (${rounded(low)} to ${rounded(high)}) that of ${base}`
  const expected =
    simulated === undefined ? '' : `, in a simulation of them ${rounded(simulated.ratio.center)}`
  return `On real processes ${ratio}${expected}: ${outcomeWords[outcome]}.`
}

const outcomeWords: Readonly<Record<ConfirmedPair['outcome'], string>> = {
  confirmed: 'they agree',
  contradicted: 'the trials contradict the simulation',
  differs: 'they differ, and both stand',
  'not decided': 'the trials do not decide',
}

/** A row for each algorithm that was run: measured and simulated. */
export function confirmationTable({
  arms,
  pairs,
  base,
  metric,
  scale: { time },
}: Confirmation): TextTable {
  const scale = scaleFor(
    's',
    arms.flatMap(({ measured, simulated }) => (measured ?? simulated)?.center ?? []),
  )
  const range = ({ measured }: ConfirmedArm) =>
    measured === undefined
      ? '–'
      : `${scaled(measured.low, scale)} to ${scaled(measured.high, scale)}`
  const pairOf = (name: string) => pairs.find((pair) => pair.name === name)
  return {
    title: `On real processes, beside a simulation of the same${time === 1 ? '' : `: all times ${timeWords(time)}`}`,
    head: [
      ...['algorithm', `${metric} (${scale.unit})`, 'interval', 'simulated', 'difference'],
      ...[`× ${base}`, 'simulated ×', 'outcome', 'trials'],
    ],
    rows: arms.map((arm) => {
      const { name, measured, simulated, trials, invalid } = arm
      const pair = pairOf(name)
      const ratio = (one: { readonly ratio: { readonly center: number } } | undefined) =>
        one === undefined ? '–' : rounded(one.ratio.center)
      return [
        name,
        measured === undefined ? '–' : scaled(measured.center, scale),
        range(arm),
        simulated === undefined ? '–' : scaled(simulated.center, scale),
        differenceText(arm),
        ...(name === base
          ? ['best', 'best', '–']
          : [ratio(pair?.measured), ratio(pair?.simulated), pair?.outcome ?? '–']),
        invalid === 0 ? `${trials}` : `${trials} (${invalid} invalid)`,
      ]
    }),
    notes: [
      'difference: measured ÷ simulated − 1; ! where the intervals do not overlap and it is above 10 %.',
      `×: ratio to the ${metric} of ${base}, in pairs of trials of one block, and of replications as long as a trial.`,
    ],
    dropOrder: [['trials'], ['trials', 'interval'], ['trials', 'interval', 'simulated ×']],
  }
}

function differenceText({ measured, simulated, agrees }: ConfirmedArm): string {
  if (measured === undefined || simulated === undefined) return '–'
  const difference = measured.center / simulated.center - 1
  return `${difference < 0 ? '−' : '+'}${percent(difference)}${agrees === false ? ' !' : ''}`
}

/** How the confirmation was made, in lines. */
export function confirmationLines({
  scale,
  world,
  blocks,
  windowSeconds,
  arms,
}: Confirmation): string[] {
  const { backends, ofBackends, time, rate, ofRate, differences } = scale
  const isSame = isFullScale(scale)
  const sizes = isSame
    ? 'at full scale'
    : [
        ...(backends < ofBackends ? [`${backends} of ${ofBackends} backends`] : []),
        ...(time === 1 ? [] : [`all times ${timeWords(time)}`]),
        `${rounded(rate)} in place of ${rounded(ofRate)} req/s`,
      ].join(', ')
  const limited = limitedArms(arms)
  return [
    `Real processes: ${sizes}, the same load; ${blocks} blocks, windows of ${quantity(windowSeconds, 's')}`,
    ...(isSame ? [] : world),
    ...differences.map((one) => differenceWords[one]),
    ...(limited.length === 0 ? [] : [`Limited by the driver or the host: ${limited.join(', ')}`]),
  ]
}

const differenceWords = {
  arrivals: 'Real processes get Poisson arrivals at the mean rate, without the bursts of the load',
  'service times':
    'Mock backends have lognormal service times with the same mean and variance as those of the choice',
  'queue limits': 'Mock backends queue without a limit',
} as const

/** `multiplied by 2.50`. */
function timeWords(factor: number): string {
  return factor > 1 ? `multiplied by ${rounded(factor)}` : `divided by ${rounded(1 / factor)}`
}
