import { expect, test } from 'vitest'
import { meterNode } from '../../src/engine/node-usage.ts'

test('an agent tells what it used itself of the CPU time of its node', () => {
  const meter = meterNode()
  meter.open()
  const end = performance.now() + 20
  while (performance.now() < end);
  meter.close()
  const { ownSeconds, busySeconds } = meter.usage()
  expect(ownSeconds).toBeGreaterThan(0)
  expect(busySeconds).toBeGreaterThanOrEqual(0)
})
