import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { analyse } from '../../src/experiment/findings/analyse.ts'
import { resultText } from '../../src/result/text.ts'
import { lb } from '../support/processes/lb-in-process.ts'
import { exampleResult } from '../support/results/example-result.ts'

let folder: string
let files: Record<'base' | 'slower' | 'other' | 'invalid', string>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-test-'))
  const base = exampleResult()
  const trials = base.trials.map((one) => ({
    ...one,
    processes: one.processes.map((cost) =>
      cost.role === 'target' ? { ...cost, userSeconds: cost.userSeconds * 1.5 } : cost,
    ),
  }))
  const invalid = base.trials.map((one) => ({ ...one, verdict: { ...one.verdict, valid: false } }))
  const documents = {
    base,
    slower: { ...base, trials, findings: analyse(base.plan, trials, base.host.cpus) },
    other: { ...base, host: { ...base.host, fingerprint: 'fedcba9876543210' } },
    invalid: { ...base, trials: invalid },
  }
  const stored = Object.entries(documents).map(async ([name, document]) => {
    const file = join(folder, `${name}.json`)
    await writeFile(file, resultText(document))
    return [name, file] as const
  })
  files = Object.fromEntries(await Promise.all(stored)) as typeof files
})
afterAll(() => rm(folder, { recursive: true }))

const compare = (base: keyof typeof files, head: keyof typeof files, flags = '') =>
  lb(`compare ${files[base]} ${files[head]} ${flags}`)

describe('the exit code, with and without --json', () => {
  test.for([
    ['no rule', 'base', 'slower', '', undefined],
    ['a threshold on a change that is kept', 'base', 'slower', '--fail-on cpu>+90%', undefined],
    ['a threshold on a change that is crossed', 'base', 'slower', '--fail-on cpu>+5%', 98],
    [
      'a threshold on a value that is crossed',
      'base',
      'slower',
      '--fail-on throughput<99999999',
      99,
    ],
    ['both crossed', 'base', 'slower', '--fail-on throughput<99999999 --fail-on cpu>+5%', 98],
    ['inconclusive', 'base', 'base', '--fail-on throughput<+0%', 96],
    [
      'inconclusive, which passes',
      'base',
      'base',
      '--fail-on throughput<+0% --on-inconclusive pass',
      undefined,
    ],
    [
      'inconclusive, which fails',
      'base',
      'base',
      '--fail-on throughput<+0% --on-inconclusive fail',
      98,
    ],
    ['no valid trial', 'base', 'invalid', '', 97],
    ['an invalid rule', 'base', 'slower', '--fail-on cpu>5', 2],
    ['another host', 'base', 'other', '', 2],
    ['another host, forced', 'base', 'other', '--force', undefined],
  ] as const)('%s', async ([, base, head, flags, code]) => {
    const plain = await compare(base, head, flags)
    expect(plain.error?.oclif?.exit).toBe(code)
    const asJson = await compare(base, head, `${flags} --json`)
    expect(asJson.error?.oclif?.exit).toBe(code)
    const printed = JSON.parse(asJson.stdout)
    if (code === 2) expect(printed).toHaveProperty('error.code', 'LB_USAGE')
    else expect(printed).toMatchObject({ format: 'lb-result', baseline: { file: files[base] } })
  })
})

test('another host is refused in one line that names both', async () => {
  const { stderr, stdout } = await compare('base', 'other')
  expect(stdout).toBe('')
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).toContain('it differs in host (2 × Example CPU')
})
