import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resultText } from '../../src/result/text.ts'
import { lb } from '../support/processes/lb-in-process.ts'
import { exampleResult } from '../support/results/example-result.ts'

let folder: string
let baseline: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-test-'))
  baseline = join(folder, 'base.json')
  await writeFile(baseline, resultText(exampleResult()))
})
afterAll(() => rm(folder, { recursive: true }))

describe('a gate that cannot be applied is refused in one line, before anything runs', () => {
  test.for([
    ['bench --baseline BASE', 'it differs in host ('],
    ['bench --baseline BASE/no.json', 'cannot read'],
    ['bench --fail-on cpu>+5%', 'there is nothing to compare with'],
    ['bench --fail-on p99>20ms --phase capacity', 'this run has only capacity'],
    ['bench --fail-on p99>20', '"20" is not a valid threshold for p99'],
    ['ci', 'ci needs two sides'],
    ['ci --base no-such-branch', 'there is no commit "no-such-branch"'],
    ['ci --head-config burn=1', 'is not a JSON object'],
    ['ci --head-config @no.json', '--head-config: cannot read no.json (ENOENT)'],
    ['ci --head-config {"admin":{"token":"[hidden]"}}', '--head-config contains [hidden]'],
    ['ci --head-config {} --phase capacity --fail-on p99>+5%', 'this run has only capacity'],
  ] as const)('%s', async ([line, message]) => {
    const output = line.startsWith('ci') ? ` --output ${folder}` : ''
    const { error, stderr, stdout } = await lb(`${line.replace('BASE', baseline)}${output}`)
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect({ stdout, exit: error?.oclif?.exit }).toEqual({ stdout: '', exit: 2 })
  })
})

test.for([
  'ci --head-config {"admin":{"token":"SECRET-OF-USER"',
  'ci --head-config {"admin":{"token":"SECRET-OF-USER"}} --trials SECRET-OF-USER',
  'bench --target url --url htp://user:SECRET-OF-USER@host/',
  'bench --target command --command SECRET-OF-USER --admin-token SECRET-OF-USER',
  'bench --no-such-flag=SECRET-OF-USER',
])('an error does not repeat a secret: %s', async (line) => {
  const { stderr, stdout } = await lb(`${line} --output ${folder}/secret`)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr + stdout).not.toContain('SECRET-OF-USER')
})

test('--dump-config and --dry-run show no secret', async () => {
  const settings = 'bench --target command --no-control'
  const command = 'token=SECRET-OF-USER;run={port}'
  for (const flag of ['--dump-config', '--dry-run', '--dump-config --json', '--dry-run --json']) {
    const { stdout } = await lb(`${settings} --command ${command} ${flag}`)
    expect(stdout).not.toBe('')
    expect(stdout).not.toContain('SECRET-OF-USER')
  }
})
