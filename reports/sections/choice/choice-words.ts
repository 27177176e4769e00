import { grouped, percent, quantity, rounded, scaled, scaleFor } from '../../../src/kit/units.ts'
import type { ChoiceDocument, ObjectiveOutcome } from '../../../src/result/choice.ts'
import type { Ranking } from '../../../src/result/simulation.ts'
import type { TextTable } from '../../layout/text-table.ts'
import { confirmationSentences } from './confirmation-words.ts'
import { rateSentences, rateText } from './rate-words.ts'

/** The answer in sentences: the algorithm to use, or that any will do, the objective, and what real processes showed. */
export function choiceAnswer(document: ChoiceDocument): string[] {
  const { ranking } = document
  if (ranking === undefined) return ['No algorithm has a time: no request succeeded.']
  return [
    ...rankingSentences(ranking, document),
    ...objectiveSentences(document),
    ...rateSentences(document),
    ...confirmationSentences(document),
  ]
}

function rankingSentences(
  { best, asGood, metric, others }: Ranking,
  { result, inUse }: ChoiceDocument,
): string[] {
  const count = result.algorithms.length
  if (count === 1) return [`Only ${best} was simulated: no choice.`]
  if (asGood.length === count) {
    return [`Any will do: no algorithm is shown to be worse than ${best} by ${metric}.`]
  }
  // The one that a user has now says most; otherwise the worst.
  const shown = others.find(({ name }) => name === inUse && !asGood.includes(name)) ?? others.at(-1)
  const ratio = shown?.comparison?.ratio
  return [
    `${best}: the lowest ${metric}.`,
    ...(asGood.length > 1
      ? [
          `As good within ${percent(result.margin)}, or not shown to be worse: ${asGood.slice(1).join(', ')}.`,
        ]
      : ['All others are worse.']),
    ...(shown === undefined || ratio === undefined
      ? []
      : [
          `The ${metric} of ${shown.name} is ${rounded(ratio.center)} times (${rounded(ratio.low)} to ${rounded(ratio.high)}) that of ${best}.`,
        ]),
  ]
}

/** Which algorithms meet the objective, and which do not. */
function objectiveSentences({ objective, outcomes, result }: ChoiceDocument): string[] {
  if (objective === undefined || outcomes === undefined) return []
  const names = (wanted: ObjectiveOutcome) =>
    Object.keys(outcomes).filter((name) => outcomes[name] === wanted)
  const [met, missed, open] = [names('met'), names('missed'), names('not decided')]
  const rate = `at ${rounded(result.rate)} req/s`
  const count = result.algorithms.length
  if (met.length === count)
    return [`${count === 1 ? 'It meets' : 'All meet'} ${objective} ${rate}.`]
  if (missed.length === count) {
    return [`${count === 1 ? 'It misses' : 'All miss'} ${objective} ${rate}.`]
  }
  return [
    ...(met.length > 0 ? [`${objective} ${rate} is met by ${met.join(', ')}.`] : []),
    ...(missed.length > 0 ? [`${objective} ${rate} is missed by ${missed.join(', ')}.`] : []),
    ...(open.length > 0
      ? [`${objective} ${rate} is not decided for ${open.join(', ')}: use more --replications.`]
      : []),
  ]
}

/** What was read of the log, in lines; none without one. */
export function logLines({ log, requests }: ChoiceDocument): string[] {
  if (log === undefined) return []
  const { firstUnparsed, unparsed, lines } = log
  return [
    `Log ${log.path} (${log.format}): ${grouped(requests)} requests of ${grouped(log.clients)} clients in ${quantity(log.seconds, 's')}${log.speed === 1 ? '' : `, replayed ${rounded(log.speed)} times as fast`}`,
    ...(log.isTruncated
      ? ['The log has more requests, which were not read: use more --requests']
      : []),
    ...(firstUnparsed === undefined
      ? []
      : [
          `${grouped(unparsed)} of ${grouped(lines)} lines do not parse and were left out, the first is line ${firstUnparsed.line}: ${firstUnparsed.text}`,
        ]),
    ...(log.isSpread
      ? [
          'Times of the log are whole seconds: requests were spread over their second at random, in their order',
        ]
      : []),
    ...(log.lacksDurations
      ? [
          'The log does not have the time that every request took: those without it count as arrived when they ended',
        ]
      : []),
  ]
}

/** How far to trust it, in lines. */
export function choiceTrust({
  validation,
  replications,
  seed,
  result,
  log,
  confirmation,
}: ChoiceDocument): string[] {
  const failed = result.algorithms.filter(({ failures }) =>
    Object.values(failures).some((share) => share > 0),
  )
  return [
    confirmation === undefined
      ? `${validation}: no real run was held against it.`
      : 'The order of the algorithms is that of the simulation, and real processes ran at the scale above.',
    ...(log === undefined
      ? [`${replications} replications, each the same for all algorithms; seed ${seed}.`]
      : [
          'Service times are those of the scenario, not of the log.',
          `${replications} replications with the arrivals of the log and other service times, the same for all algorithms; the complete log counts; seed ${seed}.`,
        ]),
    ...(replications < 6 ? ['Comparisons need 6 replications or more to decide.'] : []),
    ...(failed.length === 0
      ? []
      : [
          `Times are those of successful requests. Some failed with ${failed.map(({ name }) => name).join(', ')}.`,
        ]),
  ]
}

/** A row for each algorithm, the best first. */
export function choiceTable(document: ChoiceDocument): TextTable {
  const { result, ranking, outcomes, objective, inUse, rates } = document
  const order =
    ranking === undefined ? [] : [ranking.best, ...ranking.others.map(({ name }) => name)]
  // Without a time: last.
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  const rows = result.algorithms.toSorted((a, b) => place(a.name) - place(b.name))
  const metric = ranking?.metric ?? 'p99'
  const scale = scaleFor(
    's',
    rows.flatMap(({ metrics }) => metrics?.[metric].center ?? []),
  )
  return {
    title: 'Time from arrival to response, simulated',
    head: [
      ...['algorithm', `${metric} (${scale.unit})`, '95 % interval', '× best', 'largest share'],
      ...['failed', ...(objective === undefined ? [] : [objective, 'up to (req/s)'])],
    ],
    rows: rows.map(({ name, metrics, shares, failures }) => {
      const summary = metrics?.[metric]
      return [
        name === inUse ? `${name} (in use)` : name,
        summary === undefined ? '–' : scaled(summary.center, scale),
        summary === undefined
          ? '–'
          : `${scaled(summary.low, scale)} to ${scaled(summary.high, scale)}`,
        ratioText(ranking, name),
        percent(Math.max(...shares)),
        percent(Object.values(failures).reduce((sum, share) => sum + share, 0)),
        ...(outcomes === undefined ? [] : [outcomes[name] ?? '–']),
        ...(rates === undefined ? [] : [rateText(rates, name)]),
      ]
    }),
    notes: ['× best: ratio to the lowest, in pairs of replications; = not shown to be worse.'],
    dropOrder: [['largest share'], ['largest share', 'failed']],
  }
}

function ratioText(ranking: ChoiceDocument['ranking'], name: string): string {
  if (name === ranking?.best) return 'best'
  const found = ranking?.others.find((one) => one.name === name)?.comparison
  if (found === undefined) return '–'
  return `${ranking?.asGood.includes(name) ? '= ' : ''}${rounded(found.ratio.center)}`
}
