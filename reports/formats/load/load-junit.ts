import { grouped } from '../../../src/kit/units.ts'
import type { LoadResult } from '../../../src/result/schemas/load.ts'
import { xml } from '../../layout/xml.ts'
import { lostText } from '../../sections/load/driver-text.ts'
import { checkFigures, stageFigures } from '../../sections/load/load-figures.ts'
import { invalidText, loadFacts, share } from '../../sections/load/load-words.ts'
import { thresholdLines } from '../../sections/load/threshold-text.ts'

interface Case {
  readonly className: string
  readonly name: string
  readonly seconds: number
  /** Why it failed; undefined where it passed. */
  readonly failure: string | undefined
  /** Why it is neither passed nor failed; undefined where it is one of them. */
  readonly skipped?: string | undefined
  readonly output: string
}

/** For CI servers: a case for each stage, which passes when it was sent as planned, for each check and for each threshold; one that the run does not decide is skipped. */
export function loadJunit(result: LoadResult): string {
  const suites = [
    { name: 'stages', cases: result.stages.map((stage) => stageCase(result, stage)) },
    { name: 'drivers', cases: driverCases(result) },
    { name: 'checks', cases: checkCases(result) },
    { name: 'thresholds', cases: thresholdCases(result) },
  ].filter(({ cases }) => cases.length > 0)
  const all = suites.flatMap(({ cases }) => cases)
  const from = `timestamp="${result.createdAt.replace(/\.\d+Z$/, '')}" hostname="localhost"`
  const facts = loadFacts(result).flatMap(({ name, lines }) =>
    lines.map((line) => `${name}: ${line}`),
  )
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="lb" ${sums(all)}>`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite name="${name}" ${sums(cases)} skipped="${skippedOf(cases)}" ${from}>`,
      ...cases.map(caseText),
      `    <system-err>${xml(facts.join('\n'))}</system-err>`,
      '  </testsuite>',
    ]),
    '</testsuites>\n',
  ].join('\n')
}

function sums(cases: readonly Case[]): string {
  const failed = cases.filter(({ failure }) => failure !== undefined).length
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0)
  return `tests="${cases.length}" failures="${failed}" errors="0" time="${seconds.toFixed(3)}"`
}

function skippedOf(cases: readonly Case[]): number {
  return cases.filter(({ skipped }) => skipped !== undefined).length
}

function stageCase({ scenario }: LoadResult, stage: LoadResult['stages'][number]): Case {
  const { requests, failed } = stageFigures(stage)
  return {
    className: `lb.${scenario}.stages`,
    name: stage.name,
    seconds: stage.seconds,
    failure: stage.valid ? undefined : invalidText(stage),
    output: `${grouped(requests)} requests, ${share(failed, requests)} failed`,
  }
}

/** A case for each driver that was lost: the result is degraded. */
function driverCases({ scenario, drivers }: LoadResult): Case[] {
  return drivers.lost.map((one) => ({
    className: `lb.${scenario}.drivers`,
    name: `driver ${one.number}`,
    seconds: one.seconds ?? 0,
    failure: `degraded: ${lostText(one)}`,
    output: lostText(one),
  }))
}

function checkCases(result: LoadResult): Case[] {
  return checkFigures(result).map(({ step, check, passed, failed }) => {
    const found = `${share(passed, passed + failed)} of ${grouped(passed + failed)} passed`
    return {
      className: `lb.${result.scenario}.checks.${step}`,
      name: check,
      seconds: 0,
      failure: failed === 0 ? undefined : found,
      output: found,
    }
  })
}

function thresholdCases({ scenario, thresholds }: LoadResult): Case[] {
  return thresholds.map((one) => {
    const [found = ''] = thresholdLines([one])
    return {
      className: `lb.${scenario}.thresholds`,
      name: one.threshold,
      seconds: 0,
      failure: one.outcome === 'fail' || one.outcome === 'invalid' ? found : undefined,
      skipped: one.outcome === 'inconclusive' ? found : undefined,
      output: found,
    }
  })
}

function caseText({ className, name, seconds, failure, skipped, output }: Case): string {
  return [
    `    <testcase classname="${xml(className)}" name="${xml(name)}" time="${seconds.toFixed(3)}">`,
    ...(failure === undefined ? [] : [`      <failure message="${xml(failure)}"/>`]),
    ...(skipped === undefined ? [] : [`      <skipped message="${xml(skipped)}"/>`]),
    `      <system-out>${xml(output)}</system-out>`,
    '    </testcase>',
  ].join('\n')
}
