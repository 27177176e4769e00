import type { JourneyClient, StepRequest, StepResponse } from '../../src/driver/journey/client.ts'

/** A client whose responses are made here, and which notes what a journey does with it. */
export interface FakeClient extends JourneyClient {
  readonly sent: StepRequest[]
  readonly checks: { name: string; passed: boolean }[]
  readonly pauses: number[]
  readonly groups: string[]
  readonly metrics: { name: string; kind: string; value: number }[]
  /** Reasons with which the load was ended. */
  readonly ended: string[]
}

export function fakeClient({ visitor = 1, iteration = 0 } = {}): FakeClient {
  const client: FakeClient = {
    visitor,
    iteration,
    sent: [],
    checks: [],
    pauses: [],
    groups: [],
    metrics: [],
    ended: [],
    async request(spec) {
      client.sent.push(spec)
      // A response never arrives in the turn in which its request is sent.
      await new Promise(setImmediate)
      return respond(spec)
    },
    check(name, passed) {
      client.checks.push({ name, passed })
    },
    async pause(seconds) {
      client.pauses.push(seconds)
    },
    async group(name, run) {
      client.groups.push(name)
      return await run()
    },
    metric(name, kind, value) {
      client.metrics.push({ name, kind, value })
    },
    endLoad(reason) {
      client.ended.push(reason)
      throw new Error(reason)
    },
    random: () => 0.25,
  }
  return client
}

function respond({ url, headers = {}, body = '' }: StepRequest): StepResponse {
  const { pathname } = new URL(url)
  const made = responses[pathname]?.(headers, body) ?? { text: 'hello' }
  return {
    status: made.status ?? 200,
    headers: made.headers ?? {},
    body: Buffer.from(made.text ?? ''),
    durationMs: 12,
  }
}

interface Made {
  readonly status?: number
  readonly headers?: Record<string, string | string[]>
  readonly text?: string
}

const json = (value: unknown): Made => ({
  headers: { 'content-type': 'application/json' },
  text: JSON.stringify(value),
})

const responses: Record<
  string,
  (headers: Readonly<Record<string, string>>, body: Buffer | string) => Made
> = {
  '/echo': (_, body) => ({ text: body.toString() }),
  '/items': () => json({ items: [{ id: 7 }, { id: 8 }] }),
  '/cookie': () => ({ headers: { 'set-cookie': ['session=s1; Path=/; HttpOnly'] }, text: 'hello' }),
  '/headers': (headers) =>
    json(
      Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
    ),
  '/away': () => ({ status: 307, headers: { location: 'http://other.test/headers' } }),
  '/redirect': () => ({ status: 302, headers: { location: '/home' } }),
  '/missing': () => ({ status: 404 }),
  '/flaky/3': () => ({ status: 503 }),
  '/flaky/2': () => ({ status: 503 }),
}
