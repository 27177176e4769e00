import { distinctReasons } from '../../src/result/distinct-reasons.ts'
import type {
  Finding,
  Measurement,
  ResultDocument,
  TargetFacts,
} from '../../src/result/document.ts'
import type { Reason } from '../../src/result/reason.ts'
import { armNames } from './arm-names.ts'
import { reasonKey, reasonLines, wordTogether } from './reasons.ts'

/** Everything that qualifies the figures; reasons that differ in their numbers only share a line. */
export function warningLines(document: ResultDocument): string[] {
  const { baseline, targets = [], warnings } = document
  return [
    ...(baseline?.differences ?? []).map(
      (one) => `compared by --force, although ${reasonLines([one])}`,
    ),
    ...targets.flatMap(targetLines),
    ...armLines(document),
    ...reasonLines(warnings),
  ]
}

/** The notes of a finding, each a clause; trials that were discarded with the reasons for it. */
export function noteLines(document: ResultDocument, finding: Finding): string[] {
  return [...Map.groupBy(finding.notes, reasonKey).values()].map((group) =>
    withCauses(group as [Reason, ...Reason[]], discardedTrials(document, finding)),
  )
}

/** Settings in the user's own configuration of a target, each with its name: `nginx is not compared fairly: …`. */
export function configWarningLines(target: string, warnings: readonly Reason[]): string[] {
  return reasonLines(warnings).map((line) => `${target} is not compared fairly: ${line}`)
}

/** What qualifies the comparison of a target: all that makes it incomparable, and that its response was not compared. */
function targetLines(facts: TargetFacts): string[] {
  const name = nameOf(facts)
  return [
    ...incomparableLines(facts),
    ...(facts.ownBackends
      ? [`${name} has backends of its own: its response is not compared with that of one`]
      : []),
  ]
}

/** What makes a target incomparable: settings of its own, and responses that differ from those of the backend. */
export function incomparableLines(facts: TargetFacts): string[] {
  const name = nameOf(facts)
  const differences = reasonLines(facts.responseDifferences).join('; ')
  return [
    ...configWarningLines(name, facts.configWarnings),
    ...(differences === ''
      ? []
      : [
          `${name} is not comparable, its response differs from that of the backend: ${differences}`,
        ]),
  ]
}

function nameOf({ target, side }: TargetFacts): string {
  return side === undefined ? target : `${side} ${target}`
}

/** A reason with the arm and phase that it is about. */
interface ArmReason extends Pick<Finding, 'arm' | 'phase'> {
  readonly reason: Reason
  readonly isOfTrial: boolean
  /** The trials of the arm and phase that were discarded, where the reason is that some were. */
  readonly discarded: readonly Measurement[]
}

function armLines(document: ResultDocument): string[] {
  const { findings, plan } = document
  const all = findings.flatMap((finding) => reasonsOf(document, finding))
  const groups = Map.groupBy(all, ({ phase, reason, isOfTrial, discarded }) =>
    JSON.stringify([phase, isOfTrial, reasonKey(reason), causeKeys(discarded)]),
  )
  return [...groups.values()].map((group) => {
    const [first] = group as [ArmReason]
    const phase = plan.phases.length > 1 ? `, ${first.phase} phase` : ''
    const trials = group.filter(({ isOfTrial }) => isOfTrial).length
    const count = trials > 1 ? ` (${trials} trials)` : ''
    const reasons = group.map(({ reason }) => reason) as [Reason, ...Reason[]]
    const discarded = group.flatMap((one) => one.discarded)
    return `${armNames(findings, group)}${phase}: ${withCauses(reasons, discarded)}${count}`
  })
}

/** Reasons of an arm in a phase: its notes, those of its estimates, and those of its valid trials. */
function reasonsOf(document: ResultDocument, finding: Finding): ArmReason[] {
  const { arm, phase, notes, metrics } = finding
  const named = (reason: Reason, isOfTrial: boolean): ArmReason => ({
    ...{ arm, phase, reason, isOfTrial },
    discarded: reason.code === 'trials-discarded' ? discardedTrials(document, finding) : [],
  })
  const ofEstimates = Object.values(metrics).flatMap(({ warnings }) => warnings)
  return [
    ...[...notes.filter(isWarning), ...distinctReasons(ofEstimates)].map((reason) =>
      named(reason, false),
    ),
    ...trialsOf(document, finding)
      .filter(({ verdict }) => verdict.valid)
      .flatMap(({ verdict }) => verdict.reasons.map((reason) => named(reason, true))),
  ]
}

/** A witness that agrees is no warning: it stands beside the driver. */
function isWarning({ code }: Reason): boolean {
  return code !== 'witness-agrees'
}

function trialsOf({ trials }: ResultDocument, { arm, phase }: Finding): Measurement[] {
  return trials.filter(({ trial }) => trial.arm === arm && trial.phase === phase)
}

function discardedTrials(document: ResultDocument, finding: Finding): Measurement[] {
  return trialsOf(document, finding).filter(({ verdict }) => !verdict.valid)
}

function causesOf(discarded: readonly Measurement[]): Reason[] {
  return discarded.flatMap(({ verdict }) => verdict.reasons)
}

function causeKeys(discarded: readonly Measurement[]): string[] {
  return [...new Set(causesOf(discarded).map(reasonKey))].toSorted()
}

function withCauses(
  reasons: readonly [Reason, ...Reason[]],
  discarded: readonly Measurement[],
): string {
  const words = wordTogether(reasons)
  if (reasons[0].code !== 'trials-discarded') return words
  const causes = reasonLines(causesOf(discarded)).join('; ')
  return causes === '' ? words : `${words}: ${causes}`
}
