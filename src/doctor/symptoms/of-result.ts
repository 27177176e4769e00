import { addCount } from '../../kit/own-value.ts'
import type { Finding, Measurement, ResultDocument } from '../../result/document.ts'
import { failedRequests, requestsOf } from '../../result/failed-requests.ts'
import type { Reason } from '../../result/reason.ts'
import { driverEvidence } from './driver-evidence.ts'
import type { Evidence, MemoryCourse, Observed, TargetCpu } from './observed.ts'
import { plateausOf } from './plateaus-of.ts'
import { benchProposals } from './proposals.ts'

/** The evidence in the result of a run of trials: an entry for each arm in each phase, without the control. */
export function evidenceOfResult(document: ResultDocument): Evidence {
  const { findings, plan } = document
  return {
    observed: findings
      .filter(({ arm }) => arm !== plan.control)
      .map((finding) => observedOf(finding, document)),
    plateaus: plateausOf(document),
    canPlateau: findings.some(({ phase }) => phase === 'capacity'),
    propose: benchProposals(document),
  }
}

function observedOf(finding: Finding, document: ResultDocument): Observed {
  const { plan, trials, findings } = document
  const { arm, phase, metrics, perBackend, balance } = finding
  const own = trials.filter(({ trial }) => trial.arm === arm && trial.phase === phase)
  const control = findings.find((one) => one.arm === plan.control && one.phase === phase)
  const reasons = reasonsOf(own)
  const [requests, ok] = [
    sum(own.map(({ total }) => requestsOf(total))),
    sum(own.map((one) => one.total.ok)),
  ]
  return {
    subject: `${arm}, ${phase} phase`,
    load: phase,
    algorithm: plan.arms.find(({ name }) => name === arm)?.algorithm,
    connections: plan.connections,
    requests,
    failed: requests - ok,
    kinds: kindsOf(own, requests - ok),
    controlKinds: control && kindsOf(ofArm(trials, control), 0),
    p50: metrics.latencyP50?.center,
    p99: metrics.latencyP99?.center,
    controlP50: control?.metrics.latencyP50?.center,
    controlP99: control?.metrics.latencyP99?.center,
    cpu: cpuOf(own),
    memoryPeak: peakOf(own),
    memory: own.flatMap((one) => memoryOf(one) ?? []),
    opened: openedOf(own),
    perBackend,
    weights: balance?.basis === 'weights' ? plan.backends.map(({ weight }) => weight) : [],
    balance,
    perWorker: addedUp(own.flatMap(({ perWorker }) => (perWorker ? [perWorker] : []))),
    reasons,
    trials: own.length,
    driverLate: driverEvidence(reasons.map(({ reason }) => reason)),
    missedLimits: [],
    hasFaults: plan.faults !== undefined,
  }
}

function ofArm(trials: readonly Measurement[], { arm, phase }: Finding): Measurement[] {
  return trials.filter(({ trial }) => trial.arm === arm && trial.phase === phase)
}

/** Each reason of the trials once, the first of its code, with the number of trials that have one. */
function reasonsOf(trials: readonly Measurement[]): Observed['reasons'] {
  const all = trials.flatMap(({ verdict }, trial) =>
    [verdict.reason, ...verdict.reasons].map((reason) => ({ reason, trial })),
  )
  const byCode = Map.groupBy(all, ({ reason }) => reason.code)
  return [...byCode.values()].flatMap((same) => {
    const [first] = same as { reason: Reason; trial: number }[]
    return first
      ? [{ reason: first.reason, trials: new Set(same.map((one) => one.trial)).size }]
      : []
  })
}

/**
 * Failed requests by kind, warm-up included; none where no request of a window failed: the first burst of a load may fail.
 * Those whose kind is not stored have a kind of their own.
 */
function kindsOf(trials: readonly Measurement[], failed: number): Record<string, number> {
  const kinds: Record<string, number> = {}
  if (trials.every(({ window }) => failedRequests(window) === 0)) return kinds
  for (const { errorKinds } of trials) {
    for (const [kind, count] of Object.entries(errorKinds)) addCount(kinds, kind, count)
  }
  return Object.keys(kinds).length === 0 && failed > 0 ? { 'kind not stored': failed } : kinds
}

const targetOf = ({ processes }: Measurement) => processes.find(({ role }) => role === 'target')

function cpuOf(trials: readonly Measurement[]): TargetCpu | undefined {
  const costs = trials.flatMap((one) => targetOf(one) ?? [])
  const [first] = costs
  if (first === undefined) return undefined
  const seconds = sum(trials.filter(targetOf).map(({ windowSeconds }) => windowSeconds))
  const each = (value: (cost: (typeof costs)[number]) => number) => sum(costs.map(value)) / seconds
  return {
    used: each(({ userSeconds, systemSeconds }) => userSeconds + systemSeconds),
    given: first.cpusGiven,
    system: each(({ systemSeconds }) => systemSeconds),
    busiestThread: each(({ busiestThreadSeconds }) => busiestThreadSeconds),
  }
}

function peakOf(trials: readonly Measurement[]): number | undefined {
  const peaks = trials.flatMap((one) => targetOf(one)?.rssPeakBytes ?? [])
  return peaks.length === 0 ? undefined : Math.max(...peaks)
}

/** The course of a window with at least three readings in each third. */
function memoryOf(trial: Measurement): MemoryCourse | undefined {
  const { rssBytes = [], at = [] } = targetOf(trial)?.timeline ?? {}
  const third = Math.floor(rssBytes.length / 3)
  if (third < 3) return undefined
  return {
    from: median(rssBytes.slice(0, third)),
    to: median(rssBytes.slice(-third)),
    seconds: (at.at(-1) ?? 0) - (at[0] ?? 0),
  }
}

function openedOf(trials: readonly Measurement[]): number | undefined {
  const opened = trials.flatMap(({ connections }) =>
    Object.values(connections?.addresses ?? {}).map((address) => address.opened),
  )
  return opened.length === 0 ? undefined : sum(opened)
}

function addedUp(lists: readonly (readonly number[])[]): number[] {
  const length = Math.max(0, ...lists.map((list) => list.length))
  return Array.from({ length }, (_, i) => sum(lists.map((list) => list[i] ?? 0)))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
