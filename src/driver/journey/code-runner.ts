import { seeded } from '../../kit/random.ts'
import { redirection } from '../../kit/redirect.ts'
import type { KeptResponse } from '../lean/kept-response.ts'
import type { RequestTimes, Slowest } from '../slowest.ts'
import type { JourneyClient, StepRequest, StepResponse } from './client.ts'
import { type Cookies, cookieLine, takeCookies } from './cookies.ts'
import type { Journey } from './journey.ts'
import type { LoadCounts } from './load-counts.ts'
import type { Job, RequestSender } from './request-sender.ts'
import { responseParts } from './response-parts.ts'
import { type CheckOutcome, type TracedRequest, traced } from './trace.ts'
import type { User } from './visit.ts'

/** A visit to begin, of a journey that is code. */
interface CodeVisit {
  readonly journey: Journey
  readonly dueMs: number
  readonly stage: number
  readonly visitor: number
  readonly user?: User | undefined
}

/** Runs visits of journeys that are code. */
export interface CodeRunner {
  begin(visit: CodeVisit, nowMs: number): void
  /** Milliseconds that the code of the journeys took. */
  readonly codeMs: number
}

/** The surroundings of these visits. */
export interface CodeRunnerOptions {
  readonly sender: RequestSender
  readonly counts: LoadCounts
  /** Keeps the slowest requests. */
  readonly slow?: Pick<Slowest, 'add'>
  readonly seed: number
  readonly timeoutMs: number
  readonly target: URL
  /** Header fields that every request to a place has. */
  fieldsOf(origin: string | undefined): readonly (readonly [string, string])[]
  stageAt(dueMs: number, from: number): number
  /** Gets each request with its whole response; its checks come later, and are not in it. */
  readonly trace?: (request: TracedRequest) => void
  /** Calls `resume` at a time. */
  wake(dueMs: number, resume: () => void): void
  readonly over: () => boolean
  /** The code of a journey ends the load. */
  endLoad(reason: string): void
  ended(user: User | undefined, nowMs: number, unfinished: boolean): void
}

/** The load is over: it ends the journeys that still run. */
class LoadOver extends Error {}

/** Whether an error is the end of the load: as it is, or with the place in the code where it surfaced. */
function isOver(error: unknown): boolean {
  return error instanceof LoadOver || (error instanceof Error && error.cause instanceof LoadOver)
}

/** Distance of the seeds of two visits. */
const seedStep = 0x2545f491

/** A runner of code. */
export function codeRunner(options: CodeRunnerOptions): CodeRunner {
  const { counts, ended } = options
  const clock = { codeMs: 0, untilMs: 0 }
  return {
    begin(visit, nowMs) {
      const { stage, dueMs, user } = visit
      counts.began(stage, nowMs - dueMs)
      const own = clientOf(visit, options, clock)
      own.resumed()
      visit.journey
        .run(own.client)
        .then(
          () => {
            counts.ended(stage, false)
            return false
          },
          (error: unknown) => {
            if (isOver(error)) return true
            counts.failed(
              stage,
              counts.stepOf(visit.journey.name),
              `error in code: ${messageOf(error)}`,
            )
            counts.ended(stage, true)
            return false
          },
        )
        .then((unfinished) => {
          own.left()
          ended(user, performance.now(), unfinished)
        })
    },
    get codeMs() {
      return clock.codeMs
    },
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
}

function clientOf(
  { dueMs, stage: began, visitor, user }: CodeVisit,
  options: CodeRunnerOptions,
  clock: { codeMs: number; untilMs: number },
) {
  const { sender, counts, slow, seed, timeoutMs, target, fieldsOf, stageAt, wake, over, trace } =
    options
  const isFailed = (status: number) => status >= 400
  const cookies = new Map<string, Cookies>()
  const groups: string[] = []
  const iteration = user?.visits ?? 0
  let random: (() => number) | undefined
  let [stage, nextDueMs, step] = [began, dueMs, -1]
  let sinceMs = 0
  let shownChecks: CheckOutcome[] = []
  /** The code of the journey runs from here on, until it calls the client again. */
  const resumed = (): void => {
    sinceMs = performance.now()
  }
  const left = (): void => {
    if (sinceMs > 0) {
      const nowMs = performance.now()
      // The code of several visits takes turns: no moment counts twice.
      clock.codeMs += nowMs - Math.max(sinceMs, clock.untilMs)
      clock.untilMs = nowMs
    }
    sinceMs = 0
  }
  const stepNamed = (name: string): number => counts.stepOf([...groups, name].join(' / '))

  const count = (failure: string | undefined, request: RequestTimes, nowMs: number): void => {
    if (failure !== undefined) {
      counts.failed(stage, step, failure)
      return
    }
    counts.succeeded(stage, step, nowMs - request.dueMs)
    slow?.add(request, nowMs)
  }
  const send = (spec: StepRequest, url: URL, due: number): Promise<StepResponse> => {
    const origin = url.origin === target.origin ? undefined : url.origin
    const jar = cookies.get(url.host) ?? new Map<string, string>()
    cookies.set(url.host, jar)
    const parts = responseParts()
    const { kept } = parts
    kept.wantsHead = true
    kept.wantsBody = true
    const { promise, resolve } = Promise.withResolvers<StepResponse>()
    const submittedMs = performance.now()
    const job: Job = {
      ...{ sentMs: submittedMs, connectedMs: 0 },
      ...{ kept, origin, isHead: spec.method === 'HEAD', timeoutMs: spec.timeoutMs ?? timeoutMs },
      bytes: requestBytesOf(spec, url, { fields: fieldsOf(origin), cookies: jar }),
      done(status, failure, nowMs) {
        if (kept.head !== undefined) takeCookies(jar, kept.head)
        const durationMs = nowMs - due
        if (user !== undefined) user.refused = failure === undefined ? 0 : user.refused + 1
        const { isFailure = isFailed } = spec
        const kind = failure ?? (isFailure(status) ? `status ${status}` : undefined)
        const { sentMs, connectedMs } = job
        count(kind, { dueMs: due, arrivedMs: submittedMs, sentMs, connectedMs }, nowMs)
        const { bytes } = job
        shownChecks = []
        trace?.(
          traced({ step: spec.name, bytes, ms: durationMs, failure, checks: shownChecks }, parts),
        )
        nextDueMs = nowMs
        resumed()
        resolve(responseOf(kept, { status, durationMs, failure }))
      },
    }
    sender.submit(job, submittedMs)
    return promise
  }

  const client: JourneyClient = {
    visitor,
    iteration,
    async request(spec) {
      left()
      if (over()) throw new LoadOver()
      let url = new URL(spec.url, target)
      let response: StepResponse | undefined
      let current = spec
      for (let redirects = spec.redirects ?? 0; ; redirects--) {
        const due = nextDueMs
        stage = stageAt(due, stage)
        step = stepNamed(spec.name)
        response = await send(current, url, due)
        const next = redirects > 0 ? redirectOf(current, response, url) : undefined
        if (next === undefined) return response
        current = next.spec
        url = next.url
      }
    },
    check(name, passed) {
      counts.checked(stage, step < 0 ? stepNamed('checks') : step, name, passed)
      shownChecks.push({ text: name, passed })
    },
    async pause(seconds) {
      left()
      if (over()) throw new LoadOver()
      nextDueMs = Math.max(nextDueMs, performance.now()) + seconds * 1e3
      const { promise, resolve } = Promise.withResolvers<void>()
      wake(nextDueMs, resolve)
      await promise
      if (over()) throw new LoadOver()
      resumed()
    },
    async group(name, run) {
      groups.push(name)
      try {
        return await run()
      } finally {
        groups.pop()
      }
    },
    metric: counts.metric,
    endLoad(reason) {
      options.endLoad(reason)
      throw new LoadOver(reason)
    },
    random() {
      random ??= seeded((seed + Math.imul(visitor, seedStep) + iteration) | 0)
      return random()
    },
  }
  return { client, resumed, left }
}

/** The request that a redirect leads to; undefined where the response is none. */
function redirectOf(
  spec: StepRequest,
  { status, headers: { location } }: StepResponse,
  from: URL,
): { readonly spec: StepRequest; readonly url: URL } | undefined {
  const { headers = {} } = spec
  const found = redirection({ status, location: [location].flat()[0], headers }, from)
  if (found === undefined) return undefined
  const next = { ...spec, headers: found.headers }
  if (status >= 307 || spec.method === 'HEAD') return { spec: next, url: found.url }
  const { body: _, ...rest } = next
  return { spec: { ...rest, method: 'GET' }, url: found.url }
}

function requestBytesOf(
  { method, headers = {}, body = '' }: StepRequest,
  url: URL,
  {
    fields,
    cookies,
  }: { readonly fields: readonly (readonly [string, string])[]; readonly cookies: Cookies },
): Buffer {
  const own = Object.entries(headers)
  const names = own.map(([name]) => name.toLowerCase())
  const content = typeof body === 'string' ? Buffer.from(body) : body
  const sendsLength = content.length > 0 || ['POST', 'PUT', 'PATCH'].includes(method)
  const lines = [
    ...[...fields, ...own].filter(
      ([name], i) =>
        name.toLowerCase() !== 'content-length' &&
        (i >= fields.length || !names.includes(name.toLowerCase())),
    ),
    ...(sendsLength ? [['Content-Length', String(content.length)] as const] : []),
  ].map(([name, value]) => `${name}: ${value.replaceAll(/[\r\n\0]/g, ' ')}\r\n`)
  const ownCookies = names.includes('cookie') ? '' : cookieLine(cookies)
  const head = `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}${ownCookies}\r\n`
  return Buffer.concat([Buffer.from(head), content])
}

function responseOf(
  { head = '', body }: KeptResponse,
  {
    status,
    durationMs,
    failure,
  }: { readonly status: number; readonly durationMs: number; readonly failure: string | undefined },
): StepResponse {
  // Without the properties of other objects, which a field could have the name of.
  const headers: Record<string, string | string[]> = Object.create(null)
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':')
    if (colon < 1) continue
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    const known = headers[name]
    headers[name] = known === undefined ? value : [known, value].flat()
  }
  return {
    ...{ status, headers, body: Buffer.concat(body), durationMs },
    ...(head !== '' && { protocol: head.slice(0, head.indexOf(' ')) }),
    ...(failure !== undefined && { error: failure }),
  }
}
