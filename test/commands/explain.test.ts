import { expect, test } from 'vitest'
import { lb } from '../support/processes/lb-in-process.ts'

test('shows the initial state, each pick, and the picks per backend', async () => {
  const { stdout, error } = await lb(
    'explain weighted --weights 5,1,1 --down 2 --in-flight 3,1,2 --picks 7 --seed 1',
  )
  expect(error).toBeUndefined()
  expect(stdout).toMatch(/^b2 +1 +1 +down$/m)
  expect(stdout).toMatch(/^4 +6 1 2 +b3$/m)
  expect(stdout).toMatch(/^after 7 requests, all still in flight: b1 6, b2 0, b3 1$/m)
})

test('shows hash keys and latencies if there are any', async () => {
  expect((await lb('explain ip-hash --weights 1,1')).stdout).toMatch(/^request +key +in flight/m)
  const { stdout } = await lb('explain peak-ewma --weights 1,1 --latency 10ms,0')
  expect(stdout).toMatch(/^b1 +1 +0 +10\.0 ms +up$/m)
})

test('accepts aliases', async () => {
  expect((await lb('explain wrr')).stdout).toMatch(/^weighted: /)
})

test('--json prints the same', async () => {
  const { stdout } = await lb('explain round-robin --weights 1,1 --picks 3 --json')
  const { requests, counts } = JSON.parse(stdout)
  expect(requests.map(({ backend }: { backend: number }) => backend)).toEqual([1, 2, 1])
  expect(counts).toEqual([2, 1])
})

test.for([
  ['explain fastes', 'lb: unknown algorithm "fastes": did you mean fastest? it is one of '],
  ['explain weighted --weights 0,0', 'lb: backends[*].weight: all weights are 0: '],
  ['explain weighted --down 9', 'lb: down names backend 9: there are 3 backends'],
] as const)('%s is a usage error in one line', async ([args, message]) => {
  const { stderr, error } = await lb(args)
  expect(stderr).toContain(message)
  expect(error?.oclif?.exit).toBe(2)
})
