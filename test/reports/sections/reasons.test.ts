import { describe, expect, test } from 'vitest'
import { reasonKey, reasonLines, reasonWords } from '../../../reports/sections/reasons.ts'
import { type Reason, reason } from '../../../src/result/reason.ts'

const wait = (role: 'target' | 'driver' | 'backends', waitShare: number): Reason => ({
  code: 'run-queue-wait',
  values: { role, waitShare, switches: 200, othersCpus: 0.62 },
})

describe('reasons', () => {
  test('are read by code: unknown codes and values of another code are refused', () => {
    expect(reason.safeParse(wait('target', 0.4)).success).toBe(true)
    expect(reason.safeParse({ code: 'unheard-of', values: {} }).success).toBe(false)
    expect(reason.safeParse({ code: 'swapped', values: { seconds: 1 } }).success).toBe(false)
  })

  test('of one code and role are one line, with the range of their numbers', () => {
    expect(reasonLines([wait('target', 0.42), wait('target', 0.56), wait('driver', 0.27)])).toEqual(
      [
        'other programs used the CPU: target was runnable but waited 42 to 56 % of the window (200 preemptions)',
        'other programs used the CPU: driver was runnable but waited 27 % of the window (200 preemptions)',
      ],
    )
  })

  test('a role that is several has its verb', () => {
    expect(reasonLines([wait('backends', 0.3)])).toEqual([
      'other programs used the CPU: backends were runnable but waited 30 % of the window (200 preemptions)',
    ])
  })

  test('about different nodes are different lines', () => {
    const swapped = (node: string, pages: number): Reason => ({
      code: 'swapped',
      values: { node, pages },
    })
    expect(reasonLines([swapped('n1', 3), swapped('n2', 4), swapped('n1', 9)])).toEqual([
      'n1 swapped 3 to 9 memory pages',
      'n2 swapped 4 memory pages',
    ])
  })

  test('about different backends are different lines', () => {
    const full = (backend: number): Reason => ({
      code: 'backend-at-capacity',
      values: { backend, rate: 500, maxRate: 500 },
    })
    expect(reasonKey(full(1))).not.toBe(reasonKey(full(2)))
  })

  test.for<[Reason, string]>([
    [{ code: 'too-few-trials', values: { trials: 1 } }, '1 trial is too few for an interval'],
    [{ code: 'too-few-trials', values: { trials: 2 } }, '2 trials are too few for an interval'],
    [
      { code: 'trials-discarded', values: { discarded: 1, trials: 3 } },
      '1 of 3 trials was discarded',
    ],
  ])('%j has the words of its number', ([one, words]) => {
    expect(reasonWords(one)).toBe(words)
  })

  test('one failed request of thousands is not 0 %', () => {
    const values = { failed: 1, requests: 9_000, errors: 1, timeouts: 0, non2xx: 0, dropped: 0 }
    expect(reasonWords({ code: 'requests-failed', values })).toMatch(
      /^<0\.1 % of the requests failed/,
    )
  })
})
