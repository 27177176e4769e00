import { quantity } from '../../src/kit/units.ts'
import type { Comparison, Finding, Gate, ResultDocument } from '../../src/result/document.ts'
import { gateFailed } from '../../src/result/gate-failed.ts'
import { metricNames, metrics } from '../../src/result/metrics.ts'
import type { ArmThreshold } from '../../src/result/schemas/visits.ts'
import type { TurnedKnob } from '../../src/result/tune.ts'
import { xml } from '../layout/xml.ts'
import { bottleneckLine } from '../sections/bottlenecks.ts'
import { spread } from '../sections/columns.ts'
import { difference } from '../sections/difference.ts'
import { engineOfRun } from '../sections/engine-lines.ts'
import { estimatorNote } from '../sections/estimator-note.ts'
import { gateReasons } from '../sections/gates.ts'
import { thresholdDetail } from '../sections/load/threshold-text.ts'
import { type SkippedArm, skippedName, skippedReason } from '../sections/skipped.ts'
import { effectWords } from '../sections/tune.ts'
import { noteLines, warningLines } from '../sections/warnings.ts'
import type { PlainReport } from './report.ts'

/** For CI servers: an arm passes when it has valid trials, a gate when its rule holds; a comparison never fails by itself. */
export const junit: PlainReport = {
  format: 'junit',
  summary: 'for CI servers: one case per arm, comparison and gate',
  extension: '.xml',
  render(document) {
    const suites = [
      suite(document, {
        name: 'arms',
        cases: [
          ...document.findings.map((one) => armCase(document, one)),
          ...(document.plan.skipped ?? []).map((one) => skippedCase(document, one)),
        ],
      }),
      suite(document, { name: 'comparisons', cases: document.comparisons.map(comparisonCase) }),
      suite(document, { name: 'knobs', cases: (document.tune?.knobs ?? []).map(knobCase) }),
      suite(document, { name: 'gates', cases: document.gates.map(gateCase) }),
      suite(document, {
        name: 'thresholds',
        cases: (document.thresholds ?? []).map(thresholdCase),
      }),
    ].filter(({ cases }) => cases.length > 0)
    const all = suites.flatMap(({ cases }) => cases)
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites name="lb" ${sums(all)} ${time(all)}>`,
      ...suites.map(({ text }) => text),
      '</testsuites>\n',
    ].join('\n')
  },
}

interface Case {
  readonly className: string
  readonly name: string
  readonly seconds: number
  readonly state: 'passed' | 'failed' | 'skipped'
  readonly message: string
  readonly output: string
}

function suite(
  document: ResultDocument,
  { name, cases }: { readonly name: string; readonly cases: readonly Case[] },
) {
  const from = `timestamp="${document.createdAt.replace(/\.\d+Z$/, '')}" hostname="localhost"`
  const text = [
    `  <testsuite name="${name}" ${sums(cases)} skipped="${countOf(cases, 'skipped')}" ${time(cases)} ${from}>`,
    ...cases.map(caseText),
    `    <system-err>${xml([...engineOfRun(document), ...warningLines(document)].join('\n'))}</system-err>`,
    '  </testsuite>',
  ].join('\n')
  return { cases, text }
}

/** Attributes allowed on both a suite and all of them: Jenkins' schema knows no `skipped` of all. */
function sums(cases: readonly Case[]): string {
  return `tests="${cases.length}" failures="${countOf(cases, 'failed')}" errors="0"`
}

function time(cases: readonly Case[]): string {
  return `time="${cases.reduce((sum, one) => sum + one.seconds, 0).toFixed(3)}"`
}

function countOf(cases: readonly Case[], state: Case['state']): number {
  return cases.filter((one) => one.state === state).length
}

function armCase(document: ResultDocument, finding: Finding): Case {
  const own = document.trials.filter(
    ({ trial }) => trial.arm === finding.arm && trial.phase === finding.phase,
  )
  return {
    className: `lb.${document.plan.scenario}.${finding.phase}`,
    name: finding.arm,
    seconds: own.reduce((sum, one) => sum + one.warmupSeconds + one.windowSeconds, 0),
    state: finding.validity === 'invalid' ? 'failed' : 'passed',
    message: ['no trial is valid', ...noteLines(document, finding)].join('; '),
    output: [
      `validity: ${finding.validity}`,
      ...figures(finding),
      estimatorNote([finding], metricNames),
      bottleneckLine(finding),
    ].join('\n'),
  }
}

function skippedCase({ plan }: ResultDocument, arm: SkippedArm): Case {
  return {
    className: `lb.${plan.scenario}`,
    name: skippedName(arm),
    seconds: 0,
    state: 'skipped',
    message: skippedReason(arm),
    output: skippedReason(arm),
  }
}

function figures(finding: Finding): string[] {
  return metricNames.flatMap((name) => {
    const summary = finding.metrics[name]
    if (summary === undefined) return []
    const bound = name === 'throughput' && finding.isLowerBound ? '≥ ' : ''
    const { label, unit } = metrics[name]
    return [`${label}: ${bound}${quantity(summary.center, unit)} ${spread(summary)}`.trimEnd()]
  })
}

function comparisonCase(one: Comparison): Case {
  const { metric, phase, arm, base, outcome } = one
  const reference = arm === base ? 'the baseline' : base
  return {
    className: `lb.comparisons.${phase}`,
    name: `${metrics[metric].label} of ${arm} compared with ${reference}`,
    seconds: 0,
    state: 'passed',
    message: outcome,
    output: difference(one),
  }
}

/** A knob: its answer never fails, since it is none of a gate; one without a valid trial is left out. */
function knobCase(one: TurnedKnob): Case {
  return {
    className: 'lb.knobs',
    name: one.arm,
    seconds: 0,
    state: one.answer === 'invalid' ? 'skipped' : 'passed',
    message: one.answer,
    output: `${one.answer}: ${effectWords(one)}`,
  }
}

function gateCase(gate: Gate): Case {
  const { rule, arm, state } = gate
  const found = gateReasons(gate)
  return {
    className: 'lb.gates',
    name: `${rule} of ${arm}`,
    seconds: 0,
    state: gateFailed(gate) ? 'failed' : state === 'inconclusive' ? 'skipped' : 'passed',
    message: state === 'inconclusive' ? `inconclusive: ${found}` : found,
    output: found,
  }
}

/** A threshold of an arm: one that the measurements do not decide is left out. */
function thresholdCase(one: ArmThreshold): Case {
  const found = thresholdDetail(one)
  return {
    className: 'lb.thresholds',
    name: `${one.threshold} of ${one.arm}`,
    seconds: 0,
    state:
      one.outcome === 'pass' ? 'passed' : one.outcome === 'inconclusive' ? 'skipped' : 'failed',
    message: `${one.outcome}: ${found}`,
    output: found,
  }
}

function caseText({ className, name, seconds, state, message, output }: Case): string {
  const element = { passed: '', failed: 'failure', skipped: 'skipped' }[state]
  return [
    `    <testcase classname="${xml(className)}" name="${xml(name)}" time="${seconds.toFixed(3)}">`,
    ...(element === '' ? [] : [`      <${element} message="${xml(message)}"/>`]),
    `      <system-out>${xml(output)}</system-out>`,
    '    </testcase>',
  ].join('\n')
}
