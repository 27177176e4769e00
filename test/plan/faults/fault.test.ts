import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expand, type Overrides } from '../../../src/plan/expand.ts'
import { resolutionOf } from '../../../src/plan/faults/fault.ts'
import { plan as planSchema } from '../../../src/plan/plan.ts'
import { readScenario } from '../../../src/plan/scenarios.ts'

const registry = {
  algorithms: [{ name: 'round-robin' }],
  targets: [
    { name: 'reference', algorithms: ['round-robin'] },
    { name: 'direct', algorithms: [] },
    { name: 'url', algorithms: [] },
  ],
  control: 'direct',
}
const frame = [
  'question: Why?',
  'phase: latency',
  'rate: 1000',
  'control: false',
  'duration: 20s',
  'backends: [{ count: 2, serviceTime: 2ms }, {}]',
]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-faults-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function read(text: string) {
  const file = join(folder, 'mine.yaml')
  await writeFile(file, text)
  return readScenario(file, registry)
}

/** The plan of a scenario with these steps, one a line from line 8 on. */
async function planOf(steps: readonly string[], overrides: Overrides = {}) {
  const lines = [...frame, 'faults:', ...steps.map((step) => `  - { ${step} }`)]
  const scenario = await read(lines.join('\n'))
  return expand({ scenario, overrides, registry, seed: 1 })
}

test.for([
  ['kill', { kind: 'kill' }],
  ['slow ×10', { kind: 'slow', times: 10 }],
  ['slow x2.5', { kind: 'slow', times: 2.5 }],
  ['slow 10', { kind: 'slow', times: 10 }],
  ['errors 20 %', { kind: 'errors', share: 0.2 }],
  ['errors 100%', { kind: 'errors', share: 1 }],
  ['reset', { kind: 'reset' }],
  ['hang', { kind: 'hang' }],
] as const)('"do: %s" is read', async ([text, effect]) => {
  const { faults } = await planOf([`at: 2s, backend: 1, do: ${text}, for: 500ms`])
  expect(faults).toEqual([{ at: 2, until: 2.5, backend: 1, effect }])
})

test('a later step ends a fault; without one the fault lasts to the end', async () => {
  const plan = await planOf([
    'at: 2s, backend: 1, do: kill',
    'at: 3s, backend: 2, do: hang',
    'at: 4s, backend: 1, do: restart',
    'at: 5s, backend: 2, do: heal',
    'at: 6s, backend: 1, do: restart',
    'at: 7s, backend: 1, do: reset',
  ])
  expect(plan.faults).toEqual([
    { at: 2, until: 4, backend: 1, effect: { kind: 'kill' } },
    { at: 3, until: 5, backend: 2, effect: { kind: 'hang' } },
    { at: 6, until: 6, backend: 1, effect: { kind: 'restart' } },
    { at: 7, backend: 1, effect: { kind: 'reset' } },
  ])
  expect(plan.phases).toEqual(['latency'])
  expect(planSchema.parse(plan)).toEqual(plan)
})

const kill = 'at: 2s, backend: 1, do: kill'

test.for([
  [['at: 2s, backend: 4, do: kill'], 'faults[1].backend is 4', 'there are 3 backends: give 1 to 3'],
  [['at: 2s, backend: 0, do: kill'], 'faults[1].backend is 0', 'give an integer from 1 to 1,000'],
  [['at: 0.5s, backend: 1, do: kill'], 'faults[1].at is', 'give 1s or more'],
  [['at: 20s, backend: 1, do: kill'], 'faults[1].at is', 'within the window of 20s'],
  [[`${kill}, for: 19s`], 'faults[1].for is', 'within the window of 20s'],
  [['at: 2s, backend: 1, do: explode'], 'faults[1].do is "explode"', 'give kill, restart, slow'],
  [['at: 2s, backend: 1, do: slow'], 'faults[1].do is "slow"', 'slow ×10'],
  [['at: 2s, backend: 1, do: slow ×1'], 'faults[1].do is', 'slow ×10'],
  [['at: 2s, backend: 1, do: errors 120 %'], 'faults[1].do is', 'errors 20 %'],
  [['at: 2s, backend: 1, do: kill 9'], 'faults[1].do is "kill 9"', 'give kill'],
  [['at: 2s, backend: 3, do: slow ×10'], 'faults[1].do is', 'give the backend a serviceTime'],
  [['at: 2s, backend: 1'], 'faults[1].do is missing', 'give kill'],
  [
    ['at: 2s, backend: 1, do: kill, form: 2s'],
    'unknown field "faults[1].form"',
    'did you mean for?',
  ],
  [['at: 2s, backend: 1, do: restart, for: 1s'], 'faults[1].for is', 'restart has no duration'],
  [[kill, 'at: 1s, backend: 2, do: kill'], 'faults[2].at is', 'steps must be in order of time'],
  [['at: 2s, backend: 1, do: heal'], 'faults[1].do is', 'this backend has no fault at that time'],
  [
    [kill, 'at: 3s, backend: 1, do: hang'],
    'faults[2].do is',
    'end the fault kill first, with "do: restart"',
  ],
  [
    ['at: 2s, backend: 1, do: hang', 'at: 3s, backend: 1, do: restart'],
    'faults[2].do is',
    'end the fault hang first, with "do: heal"',
  ],
  [[`${kill}, for: 3s`, 'at: 4s, backend: 1, do: heal'], 'faults[2].at is', 'give 5s or more'],
] as const)('the steps %j are refused', async ([steps, message, hint]) => {
  await expect(planOf(steps)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining(`line ${7 + steps.length}: ${message}`),
    hint: expect.stringContaining(hint),
  })
})

test.for([
  ['phase: latency', 'line 1: phase is missing', 'write phase: latency'],
  ['rate: 1000', 'line 1: rate is missing', 'give requests per second'],
  ['control: false', 'line 1: control is missing', 'write control: false'],
] as const)('faults need "%s"', async ([line, message, hint]) => {
  const lines = [...frame.filter((one) => one !== line), `faults: { ${kill} }`]
  await expect(read(lines.join('\n'))).rejects.toMatchObject({
    message: expect.stringContaining(message),
    hint: expect.stringContaining(hint),
  })
})

test.for([
  [{ duration: 2 }, 'fault step 1', 'within the window of 2s'],
  [{ backends: 1 }, 'fault step 2', 'there are 1 backends'],
  [{ phase: 'capacity' }, 'phase', 'write phase: latency'],
  [{ control: true }, 'control', 'write control: false'],
  [{ targets: ['reference', 'direct'] }, 'target direct', 'remove it'],
  [{ targets: ['url'] }, 'target url', 'remove it'],
] as const)('the flags %j do not fit the faults', async ([overrides, where, hint]) => {
  const steps = [`${kill}, for: 1s`, 'at: 4s, backend: 2, do: kill']
  await expect(planOf(steps, overrides as Overrides)).rejects.toMatchObject({
    exitCode: 2,
    message: `scenario mine: ${where} is invalid with these flags`,
    hint: expect.stringContaining(hint),
  })
})

test.for([
  [
    { duration: 20, rate: 1500 },
    { binSeconds: 0.1, bins: 200, binsPerP99: 10 },
  ],
  [
    { duration: 0.25, rate: 1500 },
    { binSeconds: 0.1, bins: 3, binsPerP99: 10 },
  ],
  [
    { duration: 60, rate: 400 },
    { binSeconds: 0.1, bins: 600, binsPerP99: 30 },
  ],
  [
    { duration: 61, rate: 5000 },
    { binSeconds: 0.2, bins: 305, binsPerP99: 5 },
  ],
  [
    { duration: 3600, rate: 5000 },
    { binSeconds: 6, bins: 600, binsPerP99: 1 },
  ],
] as const)('%j has a resolution that keeps the document small', ([{ duration, rate }, bins]) => {
  expect(resolutionOf(duration, rate)).toEqual(bins)
})
