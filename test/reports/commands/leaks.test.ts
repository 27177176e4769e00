import { expect, test } from 'vitest'
import { leaksText } from '../../../reports/commands/leaks.ts'

test('growth with its interval and outcome, for requests and for connections', () => {
  const leak = { center: 104, low: 101, high: 107, confidence: 0.95 }
  const text = leaksText(
    [
      {
        arm: 'round-robin ×1',
        memory: 'heap',
        requests: { perUnit: leak, rounds: 8, outcome: 'leak' },
        connections: { perUnit: { ...leak, low: -300 }, rounds: 8, outcome: 'none' },
      },
      { arm: 'nginx ×1', memory: 'rss', requests: undefined, connections: undefined },
    ],
    { width: 120, colour: false, unicode: true },
  )
  expect(text).toMatch(/heap after collection +request +104 \(101 to 107\) +leak$/m)
  expect(text).toMatch(/heap after collection +connection +104 \(−300 to 107\) +no leak$/m)
  expect(text).toMatch(/^nginx ×1 +RSS, garbage included +request +– +too few rounds$/m)
})
