import { expect, test } from 'vitest'
import { liveAnswer } from '../../src/live/live-answer.ts'

const place = { port: 4321, token: '5ec2e7' }
const own = {
  ...{ method: 'GET', url: '/', host: '127.0.0.1:4321' },
  ...{ origin: undefined, authorization: undefined },
}
/** The kind of the response, or the status of a refusal. */
const answerTo = (changes: Partial<typeof own> | Record<string, unknown>) => {
  const answer = liveAnswer({ ...own, ...changes }, place)
  return answer.kind === 'refused' ? answer.status : answer.kind
}

test.for([
  [{}, 'page'],
  [{ url: '/?token=5ec2e7' }, 'page'],
  [{ url: '/events' }, 'events'],
  [{ url: '/events?token=x', host: 'LOCALHOST:4321' }, 'events'],
  [{ url: '/events', origin: 'http://127.0.0.1:4321' }, 'events'],
  [{ url: '/favicon.ico' }, 404],
  [{ url: '//evil.example/events' }, 404],
  [{ url: 'http://evil.example/events' }, 404],
] as const)('%j: %s', ([changes, expected]) => {
  expect(answerTo(changes)).toBe(expected)
})

test.for([
  'evil.example:4321',
  'evil.example',
  '127.0.0.1',
  '127.0.0.1:80',
  '127.0.0.1:4321.evil.example',
  '[::1]:4321',
  '',
  undefined,
])('a request for the host %s is misdirected', (host) => {
  for (const url of ['/', '/events', '/stop?token=5ec2e7']) {
    expect(answerTo({ host, url, method: url.startsWith('/stop') ? 'POST' : 'GET' })).toBe(421)
  }
})

test.for(['http://evil.example', 'https://127.0.0.1:4321', 'http://127.0.0.1:4322', 'null', ''])(
  'a page of the origin %s is refused',
  (origin) => {
    expect(answerTo({ origin })).toBe(403)
    expect(answerTo({ origin, method: 'POST', url: '/stop?token=5ec2e7' })).toBe(403)
  },
)

test('nothing but GET, and POST for stop', () => {
  for (const method of ['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
    expect(answerTo({ method })).toBe(405)
    expect(answerTo({ method, url: '/events' })).toBe(405)
  }
  for (const method of ['GET', 'PUT', 'HEAD']) {
    expect(answerTo({ method, url: '/stop?token=5ec2e7' })).toBe(405)
  }
})

test('stop needs the token', () => {
  const stop = (changes: Record<string, unknown>) => answerTo({ method: 'POST', ...changes })
  expect(stop({ url: '/stop?token=5ec2e7' })).toBe('stop')
  expect(stop({ url: '/stop', authorization: 'Bearer 5ec2e7' })).toBe('stop')
  for (const url of ['/stop', '/stop?token=', '/stop?token=5ec2e8', '/stop?other=5ec2e7']) {
    expect(stop({ url })).toBe(403)
  }
  expect(stop({ url: '/stop?token=5ec2e7', authorization: 'Bearer wrong' })).toBe(403)
})
