import { expect, test } from 'vitest'
import { healthSettings } from '../../../src/balancer/config/health-settings.ts'

test('by default failures eject, there are no active checks and no panic mode', () => {
  expect(healthSettings.parse({})).toEqual({
    passive: { failures: 5, ejection: 10, maxEjection: 300, statuses: [] },
    maxEjectedShare: 0.5,
    panicThreshold: 0,
    slowStart: 0,
  })
})

test.for([
  [{ maxEjectedShare: 1.1 }, 'maxEjectedShare'],
  [{ active: { interval: 1, timeout: 2 } }, 'active'],
  [{ active: { path: 'ready' } }, 'active.path'],
  [{ active: { statuses: [300, 200] } }, 'active.statuses'],
  [{ passive: { statuses: [42] } }, 'passive.statuses.0'],
  [{ slowstart: 3 }, ''],
] as const)('%o is rejected at %s', ([settings, field]) => {
  const parsed = healthSettings.safeParse(settings)
  expect(parsed.error?.issues[0]?.path.join('.')).toBe(field)
})
