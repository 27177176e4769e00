import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')

test('the doctor reads metrics that the balancer has', () => {
  const read = readFileSync(join(root, 'src/doctor/running/admin-checks.ts'), 'utf8')
  const names = new Set([...read.matchAll(/'(lb_[a-z0-9_]+)'/g)].map(([, name = '']) => name))
  const reference = readFileSync(join(root, 'docs/reference/metrics.md'), 'utf8')
  expect(names.size).toBeGreaterThan(10)
  expect([...names].filter((name) => !reference.includes(`\`${name}\``))).toEqual([])
})
