import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nextStep } from '../../../reports/sections/next-step.ts'
import { applyGates } from '../../../src/experiment/gates/apply-gates.ts'
import { hiddenMark } from '../../../src/kit/secrets.ts'
import type { StoredResult } from '../../../src/kit/stored-result.ts'
import type { ResultDocument } from '../../../src/result/document.ts'
import { busyResult, interruptedResult } from '../../support/results/disturbed-result.ts'
import { exampleResult } from '../../support/results/example-result.ts'
import { goldenResult } from '../../support/results/golden-result.ts'
import { symptomResult } from '../../support/results/symptom-result.ts'

const golden = await goldenResult()

/** A run that lacked nothing. */
const complete: ResultDocument = {
  ...exampleResult({ warnings: [], comparisons: [] }),
  findings: exampleResult().findings.map((one) => ({
    ...one,
    ...{ notes: [], validity: 'valid', isLowerBound: false, bottleneck: 'target' },
  })),
}

const last: StoredResult = { files: ['.lb/last.json'], shownBy: ['report'], page: 'report.html' }

/** A run whose comparisons had too few trials for any outcome, and that has no answer with a bound. */
function tooFew(command: readonly string[], changes: Partial<ResultDocument> = {}): ResultDocument {
  const [one] = exampleResult().comparisons
  const ratio = {
    ...(one?.ratio as NonNullable<typeof one>['ratio']),
    warnings: [
      { code: 'too-few-pairs' as const, values: { pairs: 5, needed: 6, confidence: 0.95 } },
    ],
  }
  const comparison = {
    ...(one as NonNullable<typeof one>),
    outcome: 'too few trials' as const,
    ratio,
  }
  return { ...complete, command: [...command], comparisons: [comparison], ...changes }
}

test('a run that was interrupted is run again', () => {
  expect(nextStep(interruptedResult(golden, 5)).command).toBe('lb bench')
})

test('a disturbed machine, or no valid trial: the selftest', () => {
  expect(nextStep(busyResult(golden)).command).toBe('lb selftest')
  const invalid = golden.findings.map((one) => ({ ...one, validity: 'invalid' as const }))
  expect(nextStep({ ...golden, findings: invalid }).command).toBe('lb selftest')
})

test('an answer with a bound: the finer run that its sentence offers, not more trials of the same', () => {
  const { command, purpose } = nextStep(golden)
  expect(command).toBe('lb bench --precision 10%')
  expect(purpose).toMatch(/^for ±10 % \(about \d+ min\)$/)
  const decided = { ...golden, command: ['bench', '--trials', '8', '--max-time=60s'] }
  expect(nextStep(decided).command).toBe(command)
})

test('where autocannon limited a target: the faster driver, too', () => {
  const { findings, plan } = golden
  const limited = findings.map((one) =>
    one.phase === 'capacity' && one.arm !== plan.control
      ? { ...one, isLowerBound: true, bottleneck: 'driver' as const }
      : one,
  )
  const { command, purpose } = nextStep({ ...golden, findings: limited, driver: undefined })
  expect(command).toBe('lb bench --precision 10% --driver lean')
  expect(purpose).toMatch(/; lean saves driver CPU$/)
})

test('too few trials and no answer: as many as can decide', () => {
  expect(nextStep(tooFew(['bench', '--trials', '5'])).command).toBe('lb bench --trials 6')
  const longer = tooFew(['bench', '--max-time', '20s'])
  expect(nextStep(longer).command).toBe('lb bench --trials 6')
})

test('the command of the run is repeated without its files and its seed', () => {
  const command = [
    'bench',
    '-s',
    'default',
    '--trials=3',
    '-oresult.json',
    '--force',
    '--seed',
    '4',
  ]
  expect(nextStep({ ...golden, command, answer: undefined }).command).toMatch(
    /^lb bench -s default --trials \d+$/,
  )
})

test.for(['bench', 'ci', 'reproduce'])('lb %s has every flag that is proposed for it', (name) => {
  const manifest = join(import.meta.dirname, '../../../oclif.manifest.json')
  expect(existsSync(manifest), 'the build writes the manifest').toBe(true)
  const { flags } = JSON.parse(readFileSync(manifest, 'utf8')).commands[name]
  for (const answer of [golden.answer, undefined]) {
    for (const document of [{ ...golden, answer, command: [name] }, tooFew([name], { answer })]) {
      const { command } = nextStep(document)
      expect(command).toMatch(new RegExp(`^lb ${name} --`))
      for (const [, flag] of command.matchAll(/ --([a-z-]+)/g))
        expect(flags).toHaveProperty(flag as string)
    }
  }
})

test('lb ci overwrites its artifacts, and lb reproduce gets the time that its trials take', () => {
  expect(nextStep(tooFew(['ci', '--base', 'main'])).command).toBe(
    'lb ci --base main --trials 6 --force',
  )
  expect(nextStep(tooFew(['reproduce'])).command).toMatch(
    /^lb reproduce --trials 6 --max-time \d+m$/,
  )
})

test('a secret that the result does not show must be filled in', () => {
  const { command, purpose } = nextStep(tooFew(['bench', '--header', `x-token: ${hiddenMark}`]))
  expect(command).toContain(hiddenMark)
  expect(purpose).toMatch(/; replace \[hidden\] with its value$/)
})

test.for([
  [last, 'lb report -o report.html'],
  [{ ...last, shownBy: ['report', '/tmp/x.json'] }, 'lb report /tmp/x.json -o report.html'],
  [{ ...last, page: 'report-2.html' }, 'lb report -o report-2.html'],
  // The page was written by --output.
  [{ ...last, page: undefined }, 'lb report --full'],
  [{ ...last, shownBy: undefined }, 'lb bench --scenario default -o result.json'],
] as const)(
  'a run that lacked nothing is drawn, from the file that it is in: %o',
  ([stored, command]) => {
    expect(nextStep(complete, stored).command).toBe(command)
  },
)

test('a comparison is drawn as one', () => {
  const document = applyGates(complete, {
    ...{ rules: [], strict: false, force: false, noise: undefined },
    base: { file: 'a b.json', document: complete },
  })
  const stored = { ...last, shownBy: ['compare', 'a b.json', 'b.json'] }
  expect(nextStep(document, stored).command).toBe(
    "lb compare 'a b.json' b.json -f html > report.html",
  )
})

test('failed requests: the doctor reads the file that has the result', () => {
  const failed = symptomResult({
    reasons: [
      {
        code: 'requests-failed',
        values: { failed: 40, requests: 1000, errors: 40, timeouts: 0, non2xx: 0, dropped: 0 },
      },
    ],
  })
  expect(nextStep(failed).command).toBe('lb doctor --last')
  expect(nextStep(failed, { ...last, shownBy: ['report', 'r.json'] }).command).toBe(
    'lb doctor r.json',
  )
  expect(nextStep(failed, { ...last, shownBy: undefined }).command).not.toContain('doctor')
})
