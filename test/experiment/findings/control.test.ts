import { describe, expect, test } from 'vitest'
import { added, judgeAgainstControl } from '../../../src/experiment/findings/control.ts'
import { arm, measurement, planOf, type Seen } from '../../support/results/measurements.ts'

const plan = planOf([arm('a'), arm('direct', { target: 'direct' })], { control: 'direct' })
const idle = {
  bottleneck: 'none',
  reason: { code: 'no-bottleneck', values: { phase: 'capacity', target: 0.4 } },
} as const

/** What becomes of the verdict on an arm that nothing limited, beside this control. */
function judged(own: Seen, control: Seen): string {
  const [first] = judgeAgainstControl(plan, [
    measurement({ verdict: idle, ...own }),
    measurement({ arm: 'direct', verdict: idle, ...control }),
  ])
  return first?.verdict.bottleneck ?? ''
}

describe('an arm that nothing limited', () => {
  test('is limited by what limits the control, where it comes close to that', () => {
    expect(judged({ ok: 900 }, { ok: 1000 })).toBe('backends')
    expect(judged({ ok: 900 }, { ok: 1000, verdict: { bottleneck: 'driver' } })).toBe('driver')
  })

  test('keeps the reason of its own verdict beside that by the control', () => {
    const control = measurement({ arm: 'direct', verdict: idle })
    const [first] = judgeAgainstControl(plan, [measurement({ verdict: idle, ok: 950 }), control])
    expect(first?.verdict).toMatchObject({
      reason: {
        code: 'near-control',
        values: { bottleneck: 'backends', rate: 950, controlRate: 1000 },
      },
      ownReason: idle.reason,
    })
  })

  test('stays unexplained where the control does more', () => {
    expect(judged({ ok: 899 }, { ok: 1000 })).toBe('none')
  })

  test('is held against the control of its own block', () => {
    expect(judged({ ok: 900 }, { ok: 1000, block: 1 })).toBe('none')
  })

  test('is not held against a control that does not count', () => {
    expect(judged({ ok: 900 }, { ok: 1000, verdict: { ...idle, valid: false } })).toBe('none')
  })

  test('is not judged by its rate in the latency phase: that was given', () => {
    expect(judged({ ok: 900, phase: 'latency' }, { ok: 900, phase: 'latency' })).toBe('none')
  })
})

test('an arm with a limit of its own keeps it', () => {
  expect(judged({ ok: 990, verdict: { bottleneck: 'target' } }, { ok: 1000 })).toBe('target')
})

test('the control itself is left as it is', () => {
  const control = measurement({ arm: 'direct', verdict: idle })
  expect(judgeAgainstControl(plan, [control])).toEqual([control])
})

describe('what a target adds', () => {
  const at = (name: string, block: number, micros: number, verdict = {}) =>
    measurement({
      arm: name,
      block,
      phase: 'latency',
      ok: 100,
      latencies: Array(100).fill(micros),
      verdict,
    })

  test('is the difference to the control of the same block', () => {
    const own = [at('a', 0, 500), at('a', 1, 900)]
    const all = [...own, at('direct', 0, 200), at('direct', 1, 300)]
    const { addedP50, addedP99 } = added(all, own, 'direct')
    // Within the width of an HDR bucket.
    expect(addedP50.map((seconds) => Math.round(seconds * 1e6))).toEqual([300, 600])
    expect(addedP99).toHaveLength(2)
  })

  test('is unknown in a block whose control does not count, or is missing', () => {
    const own = [at('a', 0, 500), at('a', 1, 900)]
    const all = [...own, at('direct', 1, 300, { valid: false })]
    expect(added(all, own, 'direct')).toEqual({ addedP50: [], addedP99: [] })
  })
})
