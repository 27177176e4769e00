import { expect, test } from 'vitest'
import { configurations } from '../../src/targets/configurations.ts'
import { targets } from '../../src/targets/index.ts'
import { arm, planOf } from '../support/results/measurements.ts'

const written = targets.filter(({ warnings }) => warnings !== undefined)

test.for(written)('$name is shown with its file and the line that starts it', (target) => {
  const plan = planOf([arm('a', { target: target.name, algorithm: 'round-robin', cores: 2 })])
  const [found] = configurations(plan)
  expect(found).toMatchObject({ arm: 'a', target: target.name })
  expect(found?.commandLine).toMatch(new RegExp(`(^|\\s)${target.name} `))
  expect(found?.commandLine).toContain('{scratch}/')
  expect(found?.text).toContain('3002')
  expect(`${found?.commandLine}\n${found?.text}`).toContain('8080')
})

test('the reference has JSON, a command line is filled in, and targets that are not started are left out', () => {
  const others = ['reference', 'direct', 'url', 'command'].map((target) =>
    arm(target, { target, algorithm: target === 'reference' ? 'weighted' : 'none' }),
  )
  const settings = { command: { command: 'lb2 --listen {port} --to {backends}' } }
  const found = configurations(planOf(others, { settings }))
  expect(found.map(({ target }) => target)).toEqual(['reference', 'command'])
  expect(JSON.parse(found[0]?.text ?? '')).toMatchObject({ algorithm: 'weighted', workers: 1 })
  expect(found[1]?.commandLine).toBe(
    'lb2 --listen 8080 --to http://127.0.0.1:3001,http://127.0.0.1:3002',
  )
})
