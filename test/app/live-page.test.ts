import { once } from 'node:events'
import { get, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { openLivePage } from '../../src/app/live-page.ts'
import { liveRun } from '../../src/app/live-run.ts'
import { followRun } from '../../src/app/run-state.ts'
import { exampleResult } from '../support/results/example-result.ts'

const { plan, trials } = exampleResult()
const [first] = trials as [(typeof trials)[0]]

test('a run in its page: what is new, the request to stop, the end', async () => {
  const stopped = Promise.withResolvers<void>()
  const lost: string[] = []
  await using page = await openLivePage({
    ...{ port: 0, rules: ['p99>20ms'], cellSeconds: 0.1 },
    stop: stopped.resolve,
    lost: (reason) => lost.push(reason),
  })
  expect(page.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\da-f]{32}$/)
  const { signal } = new AbortController()
  const follower = followRun(plan, { command: 'lb bench', signal })
  const live = liveRun(page, follower.state)
  live.changed()
  page.observer.begun({ arrivals: { rate: 500 } } as never)
  page.observer.counted([40, 60])
  follower.started(first.trial, { done: 0, of: 20 })
  follower.measured(first)
  live.measured(first)

  const [events] = (await once(get(new URL('/events', page.url)), 'response')) as [IncomingMessage]
  const all = text(events)
  const stop = request(new URL('/stop', page.url), {
    ...{ method: 'POST', headers: { authorization: `Bearer ${page.url.split('=')[1]}` } },
  })
  const [answer] = (await once(stop.end(), 'response')) as [IncomingMessage]
  expect(answer.statusCode).toBe(202)
  await stopped.promise

  await page.end({ message: 'run stopped: result stored in last.json' })
  await page[Symbol.asyncDispose]()
  const updates = (await all).match(/(?<=^data: ).*/gm)?.map((line) => JSON.parse(line)) ?? []
  const past = updates[0]
  expect(past.course.columns.done.filter((rate: number | null) => rate !== null)).toEqual([
    400, 600,
  ])
  expect(past.course.columns.planned.at(-1)).toBeCloseTo(500)
  expect(past.trials.rows).toMatchObject([{ name: first.trial.arm, failed: 0 }])
  expect(past.head).toMatchObject({
    ...{ title: 'lb bench  default', state: 'running' },
    thresholds: [{ text: 'p99>20ms', state: 'pending', detail: '' }],
    table: { rows: [{ name: first.trial.arm }] },
  })
  expect(past.head.limits).toContain(first.trial.arm)
  expect(updates.at(-1).head).toMatchObject({
    ...{ state: 'ended', message: 'run stopped: result stored in last.json', share: 1 },
  })
  expect(lost).toEqual([])
})
